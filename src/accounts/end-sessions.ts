import type { Prisma } from "../generated/prisma/client";
import type { Tx } from "../platform/database";
import { emit } from "../platform/outbox";

export type Ending = {
  accountId: string;
  /** Which of the account's */
  which: Prisma.SessionWhereInput;
  reason: "LOGOUT" | "REVOKED" | "REFRESH_REUSE" | "PASSWORD_CHANGED" | "PASSWORD_RESET";
  now: Date;
};

/** Ends sessions at once: their access and refresh tokens stop working. Once is enough; a second time changes nothing. @returns how many */
export async function endSessions(tx: Tx, { accountId, which, reason, now }: Ending): Promise<number> {
  const ended = await tx.session.updateManyAndReturn({
    where: { AND: [which, { accountId, revokedAt: null }] },
    data: { revokedAt: now },
    select: { id: true },
  });
  const told = (sessionId: string) => ({
    ...{ type: "account.session_revoked", subjectType: "account" as const, subjectId: accountId },
    data: { sessionId, reason },
  });
  if (ended.length > 0) await emit(tx, now, ...ended.map(({ id }) => told(id)));
  return ended.length;
}
