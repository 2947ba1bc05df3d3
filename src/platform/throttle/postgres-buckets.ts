import type { Db } from "../database";
import { isUnavailable, topLevelError } from "../errors";
import type { Vault } from "../vault";
import type { Buckets } from "./buckets";
import { createLevels, type Refill } from "./levels";

/**
 * Buckets that all servers on one database share: one statement a request. What is given back after the answer goes with the
 * caller's next statement. Addresses are stored as keyed hashes.
 */
export function postgresBuckets(db: Db, vault: Vault, refill: Refill): Buckets {
  const mirror = createLevels(refill); // what this process last heard: enough to turn the next one away without asking
  return {
    async take(caller, points, now) {
      const known = mirror.of(caller, now);
      const owed = known.owed;
      known.owed = 0; // concurrent requests of this caller must not give it back twice
      try {
        const level = await takeFrom(db, vault.blindIndex("throttle", caller), points, owed, refill, now);
        known.points = level.points;
        return { granted: level.granted, available: level.points };
      } catch (error) {
        known.owed += owed;
        throw isUnavailable(error) ? topLevelError("SERVICE_UNAVAILABLE") : error; // no resolver threw it, so nobody else would say so
      }
    },
    adjust(caller, points, now) {
      const known = mirror.of(caller, now);
      known.owed += points;
      known.points = Math.min(refill.bucket, Math.max(0, known.points + points));
      return known.points;
    },
    peek: mirror.peek,
  };
}

type Row = { points: number; granted: boolean };

/** Refills, gives back what is owed and takes `points` if they are there; all servers' clocks move one bucket forward only. */
async function takeFrom(
  db: Db,
  caller: Uint8Array,
  points: number,
  owed: number,
  refill: Refill,
  now: number,
): Promise<Row> {
  const { bucket, restoreRate } = refill;
  const at = new Date(now);
  const unknown = Math.max(0, Math.min(bucket, bucket + owed)); // whoever has no row has a full bucket, but for his debts
  const granted = unknown >= points;
  const [row] = await db.$queryRaw<Row[]>`
    INSERT INTO throttle_buckets AS held (caller, points, granted, at)
    VALUES (${caller}, ${unknown - (granted ? points : 0)}::float8, ${granted}, ${at}::timestamptz)
    ON CONFLICT (caller) DO UPDATE SET (points, granted, at) = (
      SELECT refilled - CASE WHEN refilled >= ${points}::float8 THEN ${points}::float8 ELSE 0 END,
             refilled >= ${points}::float8, greatest(held.at, ${at}::timestamptz)
      FROM (SELECT greatest(0, least(${bucket}::float8, held.points + ${owed}::float8
        + greatest(0, extract(epoch FROM ${at}::timestamptz - held.at)) * ${restoreRate}::float8)) AS refilled) AS bucket)
    RETURNING points, granted`;
  return row ?? { points: 0, granted: false };
}
