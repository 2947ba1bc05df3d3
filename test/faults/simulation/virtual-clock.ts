import type { Clock } from "../../../src/platform/clock";

const START = "2030-01-07T08:00:00Z";

/** A clock that stands still until it is moved. */
export function virtualClock(): Clock & { advance(milliseconds: number): void } {
  let now = Date.parse(START);
  return {
    now: () => new Date(now),
    advance(milliseconds) {
      now += milliseconds;
    },
  };
}
