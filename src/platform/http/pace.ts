/** What lies so far back counts a third: a line's pace is that of its last seconds, of which a pause of the machine is a part. */
const MEMORY_MS = 3_000;
/** When nobody has waited for so long, what was slow then tells nothing of now. */
const FORGOTTEN_MS = 5_000;
/** Of a line of which nothing is known: so many went in, in so long. */
const UNKNOWN = { count: 50, ms: 50 };

export type Pace = ReturnType<typeof createPace>;

/** How quickly a line moves, told by those who go in from it, however many overtake them. Moments and intervals are milliseconds. */
export function createPace() {
  let { count, ms } = UNKNOWN;
  let since = 0;
  let isMoving = false;
  function pass(now: number, moved: number) {
    const kept = Math.exp((since - now) / MEMORY_MS);
    count = count * kept + moved;
    ms = ms * kept + MEMORY_MS * (1 - kept);
  }
  return {
    /** From one who goes in to the next, on average */
    interval: () => ms / count,
    /** How long nobody has gone in, while somebody waits */
    stoodFor: (now: number) => now - since,
    /** Somebody waits, and nobody did before. */
    begin(now: number) {
      if (now - since > FORGOTTEN_MS) ({ count, ms } = UNKNOWN);
      since = now;
      isMoving = false; // until one has gone in: how long he alone waits is no pace
    },
    /** One goes in who has waited. */
    move(now: number) {
      if (isMoving) pass(now, 1);
      since = now;
      isMoving = true;
    },
    /** One has waited in vain: it is a pace, too, when hardly anybody goes in, or nobody. */
    giveUp(now: number) {
      pass(now, 0);
      since = now;
    },
  };
}
