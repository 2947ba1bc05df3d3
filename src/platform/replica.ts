import { setTimeout as wait } from "node:timers/promises";
import { createClient, type Db, lostRace } from "./database";
import { Abandoned, isUnavailable, sqlStateOf } from "./errors";
import type { Logger } from "./log";
import { openPool, type Pool, type PoolLimits } from "./pool/pool";
import type { RawReads } from "./raw-statements";

/** What reads of the catalogue need of a database. */
export type Reads = RawReads;

export type Replica = {
  /** Answers from the replica while it knows all that was changed, else from the primary. Not for what a mutation answers. */
  reads: Reads;
  /** As Pool's */
  drop: Pool["drop"];
  /** The catalogue changed, or may have: the primary answers until the replica knows it. Has to be said once at the start, too. */
  changed(): void;
  close(): Promise<void>;
};

const CANCELLED = "57014";

type Ask = {
  primary: Db;
  url: string;
  limits: PoolLimits;
  log: Logger;
  /** Whether changes are being heard of: while they aren't, the primary answers */
  listening: () => boolean;
};

/** Between two looks at how far the replica is; it is behind by milliseconds as a rule. */
const LOOK_MS = 10;
/** Between two attempts to reach a replica that is away. */
const RETRY_MS = 1_000;

/**
 * Opens a streaming replica for reading. Who wrote reads what he wrote, and so does everybody else: after each change of the catalogue
 * reads go to the primary until the replica has replayed the log up to there. A replica that fails is replaced by the primary at once.
 */
export function openReplica({ primary, url, limits, log, listening }: Ask): Replica {
  const pool = openPool(url, limits);
  const replica = createClient(pool, (error) => log.warn({ err: error }, "lost a connection to the replica"));
  const closing = new AbortController();
  let changes = 0;
  let current = false;
  let following: Promise<void> | null = null;

  /** Asks the replica while it knows everything, and the primary when it doesn't or fails. */
  async function ask<Rows>(question: (db: Reads) => Promise<Rows>): Promise<Rows> {
    if (!current || !listening()) return question(primary);
    try {
      return await question(replica);
    } catch (error) {
      // Away, or it had to replay something that this read stood in the way of. What took too long would elsewhere, too.
      if (error instanceof Abandoned || sqlStateOf(error) === CANCELLED) throw error;
      if (!(isUnavailable(error) || lostRace(error))) throw error;
      changed();
      return question(primary);
    }
  }

  function changed() {
    changes += 1;
    current = false;
    following ??= follow().finally(() => {
      following = null;
    });
  }

  async function follow() {
    while (!current && !closing.signal.aborted) {
      const since = changes;
      const caughtUp = await catchUp().catch((error) => {
        log.warn({ reason: (error as Error).message.split("\n").at(-1) }, "the replica cannot be read");
        return false;
      });
      if (!caughtUp) await wait(RETRY_MS, undefined, { signal: closing.signal }).catch(() => undefined);
      else current = since === changes;
    }
  }

  /** Waits until the replica knows everything that is committed by now. @returns false when it is no replica */
  async function catchUp(): Promise<boolean> {
    const [{ position } = { position: "" }] = await primary.$queryRaw<{ position: string }[]>`
      SELECT pg_current_wal_flush_lsn()::text AS position`;
    while (!closing.signal.aborted) {
      const [state] = await replica.$queryRaw<{ streams: boolean; there: boolean | null }[]>`
        SELECT pg_is_in_recovery() AS streams, pg_last_wal_replay_lsn() >= ${position}::pg_lsn AS there`;
      if (!state?.streams) return false;
      if (state.there) return true;
      await wait(LOOK_MS);
    }
    return false;
  }

  return {
    reads: {
      $queryRaw: (...statement) => ask((db) => db.$queryRaw(...statement)),
      $queryRawAs: (...statement) => ask((db) => db.$queryRawAs(...statement)),
    },
    drop: pool.drop,
    changed,
    async close() {
      closing.abort();
      await following;
      await replica.$disconnect();
    },
  };
}
