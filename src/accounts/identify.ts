import type { Role } from "../generated/prisma/enums";
import { later, MINUTE } from "../platform/clock";
import { type Batch, coalesce } from "../platform/coalesce";
import type { Platform, Viewer } from "../platform/context";
import type { RawReads } from "../platform/raw-statements";
import { hashToken } from "../platform/vault";

type Found = {
  hash: string;
  id: string;
  account_id: string;
  role: Role;
  last_used_at: Date;
  access_expires_at: Date;
};

/**
 * Who an access token belongs to, asked of the database each time: a logout, a new role or a disabled account counts from the next request
 * on. Null for a token that is unknown, expired or revoked. Requests that come while a look-up is on its way share the next one.
 */
export async function identify({ db, clock }: Platform, accessToken: string): Promise<Viewer | null> {
  const hash = Buffer.from(hashToken(accessToken)).toString("hex");
  const found = (await coalesce(ownWay(db), liveSessions, [hash])).get(hash);
  const now = clock.now();
  if (!found || found.access_expires_at <= now) return null;
  if (found.last_used_at < later(now, -MINUTE)) await markUsed(db, found.id, now);
  return { accountId: found.account_id, sessionId: found.id, role: found.role };
}

/** Sessions that nobody has ended, by the hash of their access token. */
const liveSessions: Batch<Found> = async (reads, hashes) => {
  const bytes = hashes.map((hash) => Buffer.from(hash, "hex"));
  const found = await reads.$queryRaw<Found[]>`
    SELECT encode(s.access_hash, 'hex') AS hash, s.id, s.account_id, a.role, s.last_used_at, s.access_expires_at
    FROM sessions s JOIN accounts a ON a.id = s.account_id
    WHERE s.access_hash = ANY(${bytes}::bytea[]) AND s.revoked_at IS NULL AND a.status = 'ACTIVE'`;
  return new Map(found.map((session) => [session.hash, session]));
};

const ways = new WeakMap<Platform["db"], RawReads>();

/** Not as a read among others: who wants to change something is identified, too, and shall not wait for their turns. */
function ownWay(db: Platform["db"]): RawReads {
  const known = ways.get(db);
  if (known) return known;
  const way: RawReads = {
    $queryRaw: db.$queryRaw,
    $queryRawAs: (_reader, query, ...values) => db.$queryRaw(query, ...values),
  };
  ways.set(db, way);
  return way;
}

/** At most once a minute: nobody needs it finer, and a write for each request would cost more than the request. */
async function markUsed(db: Platform["db"], sessionId: string, now: Date) {
  const lastUsedAt = { lt: later(now, -MINUTE) };
  await db.session.updateMany({ where: { id: sessionId, lastUsedAt }, data: { lastUsedAt: now } });
}
