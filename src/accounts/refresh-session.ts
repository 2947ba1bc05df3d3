import { later } from "../platform/clock";
import type { Platform } from "../platform/context";
import { transact } from "../platform/database";
import { hashToken } from "../platform/vault";
import { refuse } from "./accounts.refusals";
import { endSessions } from "./end-sessions";
import {
  ACCESS_LIFETIME,
  IDLE_LIFETIME,
  RETRY_WITHIN,
  SESSION_LIFETIME,
  successorsOf,
  type TokenPair,
} from "./tokens";

/**
 * Exchanges a refresh token for its successors. One conditional UPDATE decides who uses it. A second use within ten seconds, while the
 * successor is unused, is a client that lost the answer: it gets the same pair again. Any later one is theft and ends the session.
 * @throws INVALID_TOKEN
 */
export async function refreshSession(platform: Platform, refreshToken: string) {
  const now = platform.clock.now();
  const pair = successorsOf(platform.vault, refreshToken);
  const session =
    (await rotate(platform, refreshToken, pair, now)) ?? (await repeat(platform, refreshToken, pair, now));
  if (!session) throw refuse("INVALID_TOKEN", "refreshToken");
  const { id: sessionUuid, account_id: accountId, access_expires_at, refresh_expires_at } = session;
  const tokens: TokenPair = {
    ...pair,
    accessExpiresAt: access_expires_at,
    refreshExpiresAt: refresh_expires_at,
  };
  const { cartUuid } = await transact(platform.db, (tx) =>
    platform.services.adoptCart(tx, platform, { accountId, cartId: null, now }),
  );
  return { accountUuid: accountId, sessionUuid, cartUuid, tokens };
}

type Pair = ReturnType<typeof successorsOf>;
type Renewed = { id: string; account_id: string; access_expires_at: Date; refresh_expires_at: Date };

/** Uses up the token, writes its successor and gives the session its new access token: all or nothing, and once. */
async function rotate(
  { db }: Platform,
  refreshToken: string,
  next: Pair,
  now: Date,
): Promise<Renewed | null> {
  const [renewed] = await db.$queryRaw<Renewed[]>`
    WITH spent AS (
      UPDATE refresh_tokens t SET used_at = ${now}::timestamptz FROM sessions s JOIN accounts a ON a.id = s.account_id
      WHERE t.hash = ${hashToken(refreshToken)}::bytea AND t.used_at IS NULL AND t.expires_at > ${now}::timestamptz
        AND s.id = t.session_id AND s.revoked_at IS NULL AND a.status = 'ACTIVE'
      RETURNING t.session_id, s.created_at + ${SESSION_LIFETIME}::bigint * interval '1 ms' AS ends_at
    ), renewed AS (
      UPDATE sessions s SET last_used_at = ${now}::timestamptz, access_hash = ${hashToken(next.accessToken)}::bytea,
        access_expires_at = least(${later(now, ACCESS_LIFETIME)}::timestamptz, ends_at),
        expires_at = least(${later(now, IDLE_LIFETIME)}::timestamptz, ends_at)
      FROM spent WHERE s.id = spent.session_id AND s.revoked_at IS NULL
      RETURNING s.id, s.account_id, s.access_expires_at, s.expires_at AS refresh_expires_at
    ), successor AS (
      INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at)
      SELECT ${hashToken(next.refreshToken)}::bytea, id, ${now}::timestamptz, refresh_expires_at FROM renewed
    )
    SELECT * FROM renewed`;
  return renewed ?? null;
}

type Used = Renewed & { used_at: Date | null; live: boolean };

/** What a token that could not be used is: a retry, a theft, or nothing that ever was one. */
async function repeat(
  { db }: Platform,
  refreshToken: string,
  next: Pair,
  now: Date,
): Promise<Renewed | null> {
  const [used] = await db.$queryRaw<Used[]>`
    SELECT s.id, s.account_id, s.access_expires_at, n.expires_at AS refresh_expires_at, t.used_at,
      s.revoked_at IS NULL AND a.status = 'ACTIVE' AS live
    FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN accounts a ON a.id = s.account_id
      LEFT JOIN refresh_tokens n ON n.hash = ${hashToken(next.refreshToken)}::bytea AND n.used_at IS NULL
    WHERE t.hash = ${hashToken(refreshToken)}::bytea`;
  if (!used?.live || used.used_at === null) return null; // a token that expired unused accuses nobody
  if (used.refresh_expires_at !== null && now <= later(used.used_at, RETRY_WITHIN)) return used;
  const theft = { accountId: used.account_id, which: { id: used.id }, reason: "REFRESH_REUSE", now } as const;
  await transact(db, (tx) => endSessions(tx, theft));
  return null;
}
