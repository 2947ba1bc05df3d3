import { later, MINUTE } from "../platform/clock";
import { type Batch, coalesce } from "../platform/coalesce";
import type { Platform, Viewer } from "../platform/context";
import type { RawReads } from "../platform/raw-statements";
import { hashToken } from "../platform/vault";
import type { LiveSession } from "./kept-sessions";

/**
 * Who an access token belongs to, as the database says or said until anything about a session changed: a logout, a new role or a disabled
 * account counts from the next request on, on another server as soon as it has heard of it. Null for a token that is unknown, expired or
 * revoked; of these none is kept. Requests that come while a look-up is on its way share the next one.
 */
export async function identify(platform: Platform, accessToken: string): Promise<Viewer | null> {
  const hash = Buffer.from(hashToken(accessToken)).toString("hex");
  const now = platform.clock.now();
  const kept = platform.services.sessions?.find(hash);
  const session = kept && isAlive(kept, now) && isMarked(kept, now) ? kept : await lookUp(platform, hash);
  return session && { accountId: session.account_id, sessionId: session.id, role: session.role };
}

/** Asks the database, notes that the session was used, and keeps it. */
async function lookUp({ db, clock, services }: Platform, hash: string): Promise<LiveSession | null> {
  const moment = services.sessions?.moment();
  const found = (await coalesce(ownWay(db), liveSessions, [hash])).get(hash);
  const now = clock.now();
  if (!found || !isAlive(found, now)) return null;
  const marked = isMarked(found, now) ? found : await markUsed(db, found, now);
  if (moment) services.sessions?.keep(hash, marked, moment);
  return marked;
}

const isAlive = (session: LiveSession, now: Date) => session.access_expires_at > now;
/** At most once a minute: nobody needs it finer, and a write for each request would cost more than the request. */
const isMarked = (session: LiveSession, now: Date) => session.last_used_at >= later(now, -MINUTE);

/** Sessions that nobody has ended, by the hash of their access token. */
const liveSessions: Batch<LiveSession> = async (reads, hashes) => {
  const bytes = hashes.map((hash) => Buffer.from(hash, "hex"));
  const found = await reads.$queryRaw<LiveSession[]>`
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

async function markUsed(db: Platform["db"], session: LiveSession, now: Date): Promise<LiveSession> {
  const lastUsedAt = { lt: later(now, -MINUTE) };
  await db.session.updateMany({ where: { id: session.id, lastUsedAt }, data: { lastUsedAt: now } });
  return { ...session, last_used_at: now };
}
