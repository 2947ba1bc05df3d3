import type { Clock } from "../../src/platform/clock";

/** The real time, moved by hand: sweeps, expiries and leases follow it. */
export function movableClock(): Clock & { advance(milliseconds: number): void } {
  let moved = 0;
  return {
    now: () => new Date(Date.now() + moved),
    advance(milliseconds) {
      moved += milliseconds;
    },
  };
}
