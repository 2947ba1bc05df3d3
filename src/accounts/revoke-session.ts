import type { Tx } from "../platform/database";
import { emit } from "../platform/outbox";

export type RevocationReason = "LOGOUT" | "REFRESH_REUSE";

/** Ends a session at once: its access and refresh tokens stop working. Once is enough; a second time changes nothing. */
export async function revokeSession(
  tx: Tx,
  ask: { sessionId: string; accountId: string; reason: RevocationReason; now: Date },
): Promise<void> {
  const { sessionId, accountId, reason, now } = ask;
  const ended = await tx.session.updateMany({
    where: { id: sessionId, revokedAt: null },
    data: { revokedAt: now },
  });
  if (ended.count === 0) return;
  const subject = { subjectType: "account", subjectId: accountId, data: { sessionId, reason } } as const;
  await emit(tx, now, { type: "account.session_revoked", ...subject });
}
