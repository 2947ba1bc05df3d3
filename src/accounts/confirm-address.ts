import type { Tx } from "../platform/database";
import { emit } from "../platform/outbox";

/** Notes that an account's owner reads mail to its address. A second time changes nothing. */
export async function confirmAddress(tx: Tx, accountId: string, now: Date) {
  const confirmed = await tx.account.updateMany({
    where: { id: accountId, emailVerifiedAt: null },
    data: { emailVerifiedAt: now, updatedAt: now, version: { increment: 1 } },
  });
  if (confirmed.count > 0)
    await emit(tx, now, { type: "account.email_verified", subjectType: "account", subjectId: accountId });
}
