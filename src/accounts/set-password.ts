import type { Platform } from "../platform/context";
import type { Tx } from "../platform/database";
import { emit, enqueue } from "../platform/outbox";
import { endSessions } from "./end-sessions";

/** Gives an account another password: all its devices are signed out, codes that were mailed are worth nothing any more, and its owner is told. */
export async function setPassword(
  { clock }: Platform,
  tx: Tx,
  ask: { accountId: string; passwordHash: string; reason: "PASSWORD_CHANGED" | "PASSWORD_RESET" },
) {
  const { accountId, passwordHash, reason } = ask;
  const now = clock.now();
  await tx.account.update({
    where: { id: accountId },
    data: { passwordHash, updatedAt: now, version: { increment: 1 } },
  });
  await tx.oneTimeToken.updateMany({
    where: { accountId, usedAt: null },
    data: { usedAt: now },
  });
  await endSessions(tx, { accountId, which: {}, reason, now });
  const subject = { subjectType: "account", subjectId: accountId, data: { reason } } as const;
  await emit(tx, now, { type: "account.password_changed", ...subject });
  await enqueue(tx, "sendMail", { template: "password-changed", accountId });
}
