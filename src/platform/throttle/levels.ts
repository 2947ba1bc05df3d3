/** Points that a caller has at most, and gets back each second. */
export type Refill = { bucket: number; restoreRate: number };
/** What one caller has left, when that was counted, and what was given back since and nobody has told the database. */
export type Level = { points: number; at: number; owed: number };

/** Callers kept at most, some 10 MB; the one that was away longest is forgotten first, and starts anew with a full bucket. */
const MOST_CALLERS = 50_000;

/** Callers' buckets in this process's memory. Times in milliseconds. Without timers: who comes throws out two whose bucket is full again. */
export function createLevels({ bucket, restoreRate }: Refill, most = MOST_CALLERS) {
  const levels = new Map<string, Level>(); // in the order of their last use
  const fullAfter = (bucket / restoreRate) * 1_000;
  const restored = ({ points, at }: Level, now: number) =>
    Math.min(bucket, points + (Math.max(0, now - at) * restoreRate) / 1_000);

  function makeRoom(now: number) {
    let rounds = 2;
    for (const [caller, { at, owed }] of levels) {
      const isFull = now - at >= fullAfter && owed === 0;
      if (rounds-- === 0 || !(isFull || levels.size >= most)) return;
      levels.delete(caller);
    }
  }
  return {
    /** The caller's bucket as it is now; a full one for whoever isn't known. */
    of(caller: string, now: number): Level {
      const known = levels.get(caller);
      if (known) {
        levels.delete(caller);
        known.points = restored(known, now);
        known.at = Math.max(known.at, now);
      } else makeRoom(now);
      const level = known ?? { points: bucket, at: now, owed: 0 };
      levels.set(caller, level);
      return level;
    },
    /** Points left, without counting as use. */
    peek(caller: string, now: number): number {
      const known = levels.get(caller);
      return known ? restored(known, now) : bucket;
    },
    get size() {
      return levels.size;
    },
  };
}
