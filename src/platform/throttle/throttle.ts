import type { Clock } from "../clock";
import type { Config } from "../config";
import type { Db } from "../database";
import { topLevelError } from "../errors";
import type { Vault } from "../vault";
import type { Buckets } from "./buckets";
import { memoryBuckets } from "./memory-buckets";
import { postgresBuckets } from "./postgres-buckets";

/** As Shopify reports it, in points and points a second. */
export type ThrottleStatus = { maximumAvailable: number; currentlyAvailable: number; restoreRate: number };
export type Throttle = ReturnType<typeof throttleOf>;

type Parts = { config: Config; db: Db; clock: Clock; vault: Vault };

/**
 * Limits what each caller may ask for in a while: a bucket of points that empties with every request's cost and is refilled at a
 * steady rate. null when it is switched off.
 */
export function createThrottle({ config, db, clock, vault }: Parts): Throttle | null {
  const { store, ...refill } = config.limits.throttle;
  if (store === "off") return null;
  return throttleOf(
    store === "memory" ? memoryBuckets(refill) : postgresBuckets(db, vault, refill),
    clock,
    refill,
  );
}

function throttleOf(
  buckets: Buckets,
  clock: Clock,
  { bucket, restoreRate }: { bucket: number; restoreRate: number },
) {
  const now = () => clock.now().getTime();
  const refusal = (missing: number, extensions: object = {}) => {
    const seconds = String(Math.max(1, Math.ceil(missing / restoreRate)));
    const http = { status: 429, headers: new Map([["retry-after", seconds]]) };
    return topLevelError("RATE_LIMITED", "Too much at once. Try again soon.", { http, ...extensions });
  };
  return {
    take: (caller: string, points: number) => buckets.take(caller, points, now()),
    adjust: (caller: string, points: number) => buckets.adjust(caller, points, now()),
    peek: (caller: string) => buckets.peek(caller, now()),
    /** Turns a caller with an empty bucket away before his document is looked at. @throws RATE_LIMITED */
    turnAwayEmpty(caller: string) {
      const left = buckets.peek(caller, now());
      if (left < 1) throw refusal(1 - left);
    },
    /** RATE_LIMITED with the seconds after which so many missing points are back. */
    refusal,
    status: (available: number): ThrottleStatus => ({
      maximumAvailable: bucket,
      currentlyAvailable: Math.floor(available),
      restoreRate,
    }),
  };
}
