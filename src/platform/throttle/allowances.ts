import { type Clock, later } from "../clock";
import { type Sql, type Tx, transact } from "../database";
import type { Vault } from "../vault";

/** What may be done so often in a window, which begins with the first time; then there is a pause before each further time. */
export type Allowance = {
  /** Who, and what it is; only a keyed hash is stored */
  of: string;
  most: number;
  windowMs: number;
  /** How long the pause is after one that is so many beyond the `most`th, which is 0; to the window's end when it isn't given */
  pauseMs?: (beyond: number) => number;
};
export type Granted = { granted: true; giveBack(): Promise<void> };
export type Claim = Granted | { granted: false; retryInMs: number };

type Parts = { clock: Clock; vault: Vault };
type Held = { used: number; paused_until: Date | null; ends_at: Date };

/**
 * Counts one time more of each allowance, or of none when one of them pauses. Counted before it is done, so that no number of attempts at
 * once gets past it, in the database that all servers share; what turns out not to count is given back.
 * @param allowances the one that most callers share last: it is locked for the shortest
 */
export async function claim(parts: Parts, sql: Sql, allowances: Allowance[]): Promise<Claim> {
  const now = parts.clock.now();
  const subjects = allowances.map(({ of }) => parts.vault.blindIndex("allowance", of));
  return transact(sql, async (tx) => {
    const held = await hold(tx, subjects);
    const retryInMs = Math.max(...held.map((one) => pauseOf(one, now)));
    if (retryInMs > 0) return { granted: false, retryInMs };
    await write(
      tx,
      subjects,
      allowances.map((allowance, place) => next(allowance, held[place] as Held, now)),
    );
    return { granted: true, giveBack: () => giveBack(sql, subjects) };
  });
}

/** As if nothing had been done yet. @param of as in allowances */
export async function forget({ vault }: Pick<Parts, "vault">, sql: Sql, of: string[]) {
  await sql.allowance.deleteMany({
    where: { subject: { in: of.map((one) => vault.blindIndex("allowance", one)) } },
  });
}

/** The counts as they are, nobody else's until the transaction ends; in the order of `subjects`, whoever asks, so that nobody waits in a circle. */
const hold = (tx: Tx, subjects: Uint8Array[]) => tx.$queryRaw<Held[]>`
  INSERT INTO allowances AS held (subject, used, ends_at) SELECT subject, 0, 'epoch'
  FROM unnest(${subjects}::bytea[]) WITH ORDINALITY AS asked (subject, place) ORDER BY place
  ON CONFLICT (subject) DO UPDATE SET used = held.used
  RETURNING used, paused_until, ends_at`;

const pauseOf = ({ paused_until, ends_at }: Held, now: Date) =>
  paused_until ? Math.min(paused_until.getTime(), ends_at.getTime()) - now.getTime() : 0;

function next({ most, windowMs, pauseMs }: Allowance, held: Held, now: Date): Held {
  const isOver = held.ends_at <= now;
  const used = isOver ? 1 : held.used + 1;
  const ends_at = isOver ? later(now, windowMs) : held.ends_at;
  if (used < most) return { used, paused_until: null, ends_at };
  return { used, paused_until: pauseMs ? later(now, pauseMs(used - most)) : ends_at, ends_at };
}

const write = (tx: Tx, subjects: Uint8Array[], counts: Held[]) => tx.$executeRaw`
  UPDATE allowances held SET used = counted.used, paused_until = counted.paused_until, ends_at = counted.ends_at
  FROM unnest(${subjects}::bytea[], ${counts.map(({ used }) => used)}::int[],
    ${counts.map((one) => one.paused_until)}::timestamptz[], ${counts.map((one) => one.ends_at)}::timestamptz[])
    AS counted (subject, used, paused_until, ends_at)
  WHERE held.subject = counted.subject`;

async function giveBack(sql: Sql, subjects: Uint8Array[]) {
  await sql.$executeRaw`
    WITH held AS (SELECT subject FROM allowances WHERE subject = ANY(${subjects}::bytea[]) AND used > 0
      ORDER BY array_position(${subjects}::bytea[], subject) FOR UPDATE)
    UPDATE allowances SET used = used - 1, paused_until = NULL FROM held WHERE allowances.subject = held.subject`;
}
