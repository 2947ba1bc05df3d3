import type { Role } from "../generated/prisma/enums";
import { later, MINUTE } from "../platform/clock";
import type { Platform, Viewer } from "../platform/context";
import { hashToken } from "../platform/vault";

type Found = { id: string; account_id: string; role: Role; last_used_at: Date };

/**
 * Who an access token belongs to, asked of the database each time: a logout, a new role or a disabled account counts from the next request
 * on. Null for a token that is unknown, expired or revoked.
 */
export async function identify({ db, clock }: Platform, accessToken: string): Promise<Viewer | null> {
  const now = clock.now();
  const [found] = await db.$queryRaw<Found[]>`
    SELECT s.id, s.account_id, a.role, s.last_used_at FROM sessions s JOIN accounts a ON a.id = s.account_id
    WHERE s.access_hash = ${hashToken(accessToken)}::bytea AND s.revoked_at IS NULL AND s.access_expires_at > ${now}::timestamptz
      AND a.status = 'ACTIVE'`;
  if (!found) return null;
  if (found.last_used_at < later(now, -MINUTE)) await markUsed(db, found.id, now);
  return { accountId: found.account_id, sessionId: found.id, role: found.role };
}

/** At most once a minute: nobody needs it finer, and a write for each request would cost more than the request. */
async function markUsed(db: Platform["db"], sessionId: string, now: Date) {
  const lastUsedAt = { lt: later(now, -MINUTE) };
  await db.session.updateMany({ where: { id: sessionId, lastUsedAt }, data: { lastUsedAt: now } });
}
