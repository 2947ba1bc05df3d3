/** So many of those who left last tell how quickly lines move. */
const PACE_OF = 32;
/** So many times the usual one pause counts at most: it is none of what is to be expected. More than ever leave in one turn of the loop. */
const LONGEST_PAUSE = 16;
/** When nobody has waited for so long, what was slow then tells nothing of now. */
const FORGOTTEN_MS = 5_000;
/** Of lines of which nothing is known. */
const UNKNOWN = 1;

/** How quickly lines move, told by those who leave while somebody waits. Moments and intervals are milliseconds. */
export function createPace() {
  let interval = UNKNOWN;
  let since = 0;
  return {
    /** From one who leaves to the next, on average */
    interval: () => interval,
    /** Somebody waits, and nobody did before. */
    begin(now: number) {
      if (now - since > FORGOTTEN_MS) interval = UNKNOWN;
      since = now;
    },
    /** One has left while somebody waits. */
    count(now: number) {
      const pause = Math.min(now - since, LONGEST_PAUSE * interval);
      interval += (pause - interval) / PACE_OF;
      since = now;
    },
  };
}
