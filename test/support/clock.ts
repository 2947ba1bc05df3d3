import type { Clock } from "../../src/platform/clock";

/** The real time, or that of now for good when it `stands`, moved by hand: sweeps, expiries and leases follow it. */
export function movableClock({ stands = false } = {}): Clock & { advance(milliseconds: number): void } {
  const began = Date.now();
  let moved = 0;
  return {
    now: () => new Date((stands ? began : Date.now()) + moved),
    advance(milliseconds) {
      moved += milliseconds;
    },
  };
}
