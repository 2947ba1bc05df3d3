import type { Buckets } from "./buckets";
import { createLevels, type Refill } from "./levels";

/** Buckets of this process alone: several processes give a caller one each. */
export function memoryBuckets(refill: Refill, levels = createLevels(refill)): Buckets {
  return {
    async take(caller, points, now) {
      const level = levels.of(caller, now);
      const granted = level.points >= points;
      if (granted) level.points -= points;
      return { granted, available: level.points };
    },
    adjust(caller, points, now) {
      const level = levels.of(caller, now);
      level.points = Math.min(refill.bucket, Math.max(0, level.points + points));
      return level.points;
    },
    peek: levels.peek,
  };
}
