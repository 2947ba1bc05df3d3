import type { Clock } from "../clock";
import type { Config } from "../config";
import type { Db } from "../database";
import { rateLimited } from "../errors";
import type { Vault } from "../vault";
import type { Buckets } from "./buckets";
import { memoryBuckets } from "./memory-buckets";
import { postgresBuckets } from "./postgres-buckets";

/** For what is refused: it was read, perhaps parsed and validated, or looked up, all the same. */
const REFUSED = 100;

export const TOO_MUCH = "Too much at once. Try again soon.";

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
  const secondsFor = (missing: number) => Math.max(1, Math.ceil(missing / restoreRate));
  return {
    take: (caller: string, points: number) => buckets.take(caller, points, now()),
    adjust: (caller: string, points: number) => buckets.adjust(caller, points, now()),
    /** Takes what a refusal costs. @returns points left */
    refused: (caller: string, points = REFUSED) => buckets.adjust(caller, -points, now()),
    peek: (caller: string) => buckets.peek(caller, now()),
    /** Seconds until a caller who has not a single point left has one; 0 for everyone else. */
    emptyFor(caller: string) {
      const left = buckets.peek(caller, now());
      return left < 1 ? secondsFor(1 - left) : 0;
    },
    /** RATE_LIMITED, with the seconds after which so many missing points are back. */
    refusal(missing: number, extensions: object = {}) {
      return rateLimited(TOO_MUCH, missing / restoreRate, extensions);
    },
    status: (available: number): ThrottleStatus => ({
      maximumAvailable: bucket,
      currentlyAvailable: Math.floor(available),
      restoreRate,
    }),
  };
}
