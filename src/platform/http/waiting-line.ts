import { createPace } from "./pace";

/** Who wants in. */
export type Guest = {
  caller: string;
  /** How much of what he keeps in memory while he waits is counted; asked once, when he has to */
  bytes: () => number;
  /** Whether he has given up meanwhile */
  gone: () => boolean;
};

/**
 * Whoever will be let in within `burstMs` from when the line began, as told by how quickly it moves, is one of a burst, and joins. A line that
 * lasts longer is more work than can be done: nobody joins who would wait for longer than `standingMs`. Who has waited for `yieldsMs` is
 * overdue, and earlier lines no longer go before him each time (gate.ts).
 */
export type Patience = { burstMs: number; standingMs: number; yieldsMs: number };

export type LineLimits = {
  /** How many may wait */
  queue: number;
  /** And with how many bytes together */
  bytes: number;
  /** How long each waits at most, though the line gets slower */
  waitMs: number;
};

export type Waiting = {
  guest: Guest;
  bytes: number;
  since: number;
  answer: (isIn: boolean) => void;
  timer: NodeJS.Timeout;
};
export type Line = ReturnType<typeof createLine>;

/** A line that would refuse somebody is searched for those who have gone, so often at most: it may hold a thousand, and refuse thousands. */
const SEARCH_EVERY_MS = 100;

/** Those who wait, in order of arrival. `now` is performance.now(). */
export function createLine(patience: Patience, limits: LineLimits) {
  const waiting = new Set<Waiting>();
  const pace = createPace();
  let [bytes, notEmptySince, searchedAt] = [0, 0, Number.NEGATIVE_INFINITY];

  function end(one: Waiting, isIn: boolean) {
    waiting.delete(one);
    bytes -= one.bytes;
    clearTimeout(one.timer);
    one.answer(isIn);
  }
  /** Those who have gone keep nobody out. @returns whether the line was searched for them */
  function forgetGone(now: number): boolean {
    if (now - searchedAt < SEARCH_EVERY_MS) return false;
    searchedAt = now;
    for (const one of waiting) if (one.guest.gone()) end(one, false);
    return true;
  }
  /** Whether whoever joins would wait too long. */
  function isSlow(now: number): boolean {
    if (waiting.size === 0) return false;
    const expected = waiting.size * pace.interval();
    const isOfBurst = now - notEmptySince + expected <= patience.burstMs;
    return !isOfBurst && Math.max(expected, pace.stoodFor(now)) > patience.standingMs;
  }
  function hasRoom(more: number, places: number, now: number): boolean {
    const isFull = waiting.size - places >= limits.queue || (more > 0 && bytes + more > limits.bytes);
    return !isFull && !isSlow(now);
  }

  return {
    size: () => waiting.size,
    /** Whose turn it is here; who has gone meanwhile is passed over. */
    first(): Waiting | null {
      for (const one of waiting) {
        if (!one.guest.gone()) return one;
        end(one, false);
      }
      return null;
    },
    /** When he is overdue */
    dueAt: ({ since }: Waiting) => since + patience.yieldsMs,
    /** Whether somebody may join with so many bytes; so many who wait have a place as good as theirs. */
    mayJoin: (more: number, places: number, now: number) =>
      hasRoom(more, places, now) || (forgetGone(now) && hasRoom(more, places, now)),
    /** @returns whether he is let in at last */
    join(guest: Guest, more: number, now: number): Promise<boolean> {
      if (waiting.size === 0) {
        pace.begin(now);
        notEmptySince = now;
      }
      return new Promise((answer) => {
        const timer = setTimeout(() => {
          pace.giveUp(performance.now());
          end(one, false);
        }, limits.waitMs);
        const one = { guest, bytes: more, since: now, answer, timer };
        waiting.add(one);
        bytes += more;
      });
    },
    letIn(one: Waiting) {
      pace.move(performance.now());
      end(one, true);
    },
    /** Milliseconds that the first has been waiting whose caller counts. */
    waited(counts: (caller: string) => boolean): number {
      for (const { guest, since } of waiting) if (counts(guest.caller)) return performance.now() - since;
      return 0;
    },
  };
}
