import type { Platform, Viewer } from "../platform/context";
import { type Sql, transact } from "../platform/database";
import { badInput } from "../platform/errors";
import { readId } from "../platform/ids";
import { refuse } from "./accounts.refusals";
import { endSessions } from "./end-sessions";

const MOST_IDS = 100;

/**
 * Signs devices of the caller's out: those named, and with `others` all but this one. One that is signed out already is no mistake.
 * @returns how many were signed in, and whether this one was named
 * @throws NOT_FOUND at ["ids", place], for a foreign one too; nothing is done then
 */
export function revokeSessions(
  { clock }: Platform,
  sql: Sql,
  { accountId, sessionId }: Viewer,
  { ids, others }: { ids?: string[] | null; others?: boolean | null },
) {
  const named = (ids ?? []).map((id) => readId("sess", id));
  if (named.length > MOST_IDS) badInput("ids", `At most ${MOST_IDS} ids.`);
  return transact(sql, async (tx) => {
    const known = named.filter((uuid) => uuid !== null);
    const own = await tx.session.findMany({ where: { id: { in: known }, accountId }, select: { id: true } });
    const mine = new Set<string | null>(own.map(({ id }) => id));
    const missing = named.findIndex((uuid) => !mine.has(uuid));
    if (missing >= 0) throw refuse("NOT_FOUND", "ids", String(missing));
    const now = clock.now();
    const chosen = others ? [{ id: { in: known } }, { id: { not: sessionId } }] : [{ id: { in: known } }];
    const which = { OR: chosen, expiresAt: { gt: now } };
    const revokedCount = await endSessions(tx, { accountId, which, reason: "REVOKED", now });
    return { revokedCount, isThisOne: known.includes(sessionId) };
  });
}
