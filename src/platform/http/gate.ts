import { createPace, type Pace } from "./pace";

/** Whoever wants in and cannot wait any longer, or need not, is told null. */
type Waiting = {
  since: number;
  gone: () => boolean;
  answer: (place: number | null) => void;
  timer: NodeJS.Timeout;
};
type Line = {
  waiting: Set<Waiting>;
  patience: Patience;
  pace: Pace;
  notEmptySince: number;
  searchedAt: number;
};
type Turn = { line: Line; first: Waiting };

/** A line that would refuse somebody is searched for those who have gone, so often at most: it may hold a thousand, and refuse thousands. */
const SEARCH_EVERY_MS = 100;

/**
 * Whoever will be let in within `burstMs` from when the line began, as told by how quickly it moves, is one of a burst, and joins. A line that
 * lasts longer is more work than can be done: nobody joins who would wait for longer than `standingMs`. Who has waited for `yieldsMs` is
 * overdue, and earlier ranks no longer go before him each time (OVERDUE_TURN).
 */
export type Patience = { burstMs: number; standingMs: number; yieldsMs: number };

/**
 * Every so many-th turn is for those who are overdue, where there are any: so nobody stands still because earlier ranks go on coming, and
 * however many join at once, most turns are still for those who go before them.
 */
const OVERDUE_TURN = 4;

export type GateLimits = {
  /** How many are in at once */
  places: number;
  /** Whether one more may go in when so many are in */
  hasRoom?: (inside: number) => boolean;
  /** Hears of each who goes in */
  onEnter?: () => void;
  /** How many of each rank may wait */
  queue: number;
  /** How long each waits at most, though the line gets slower */
  waitMs: number;
  /** By rank */
  ranks: Patience[];
};
export type Gate = ReturnType<typeof createGate>;

/** Lets so many in at once and so many wait, by rank and in order of arrival. Places have numbers from 0. */
export function createGate({ places, hasRoom = () => true, onEnter, queue, waitMs, ranks }: GateLimits) {
  const free = Array.from({ length: places }, (_, place) => places - 1 - place);
  const lines = ranks.map(
    (patience): Line => ({
      waiting: new Set(),
      patience,
      pace: createPace(),
      notEmptySince: 0,
      searchedAt: Number.NEGATIVE_INFINITY,
    }),
  );

  let overdueTurns = 0;

  const isOpen = () => free.length > 0 && hasRoom(places - free.length);
  const ahead = (rank: number) =>
    lines.slice(0, rank + 1).reduce((sum, { waiting }) => sum + waiting.size, 0);
  function take(): number {
    onEnter?.();
    return free.pop() as number;
  }
  /** Whose turn it is. */
  function next(): Turn | undefined {
    const [first, ...later] = firstsOf(lines);
    const now = performance.now();
    const overdue = later.filter((turn) => dueOf(turn) <= now);
    if (overdue.length === 0 || ++overdueTurns % OVERDUE_TURN !== 0) return first;
    return overdue.reduce((most, turn) => (dueOf(turn) < dueOf(most) ? turn : most));
  }
  function letIn() {
    while (isOpen()) {
      const turn = next();
      if (!turn) return;
      const { line, first } = turn;
      line.pace.move(performance.now());
      endWait(line.waiting, first, take());
    }
  }
  function mayJoin(line: Line, now: number): boolean {
    const isFull = line.waiting.size - free.length >= queue;
    return !isFull && !isSlow(line, now);
  }

  return {
    /**
     * @param gone whether whoever waits has given up meanwhile
     * @param mayWait whether he waits when there is no place; asked only then
     * @returns the place, to be left again; null when he had to wait and doesn't, when too many wait already or he would wait too long, when
     * the wait was too long after all, or when he has gone
     */
    enter(rank: number, gone: () => boolean, mayWait = () => true): number | null | Promise<number | null> {
      letIn();
      if (isOpen()) return take();
      const line = lines[rank] as Line;
      const { waiting, pace } = line;
      const now = performance.now();
      const isPlaceLeft = ahead(rank) < free.length; // and only room is missing
      const joins = () => mayJoin(line, now) || (forgetGone(line, now) && mayJoin(line, now));
      if (!isPlaceLeft && !(mayWait() && joins())) return null;
      if (waiting.size === 0) {
        pace.begin(now);
        line.notEmptySince = now;
      }
      return new Promise((answer) => {
        const timer = setTimeout(() => {
          waiting.delete(one);
          pace.giveUp(performance.now());
          answer(null);
        }, waitMs);
        const one = { since: now, gone, answer, timer };
        waiting.add(one);
      });
    },
    leave(place: number) {
      free.push(place);
      letIn();
    },
    /** To be called when there may be room again, though nobody left. */
    letIn,
  };
}

/** The first of each line, by rank; who has gone meanwhile is passed over. */
const firstsOf = (lines: Line[]): Turn[] =>
  lines.flatMap((line) => {
    for (const first of line.waiting) {
      if (!first.gone()) return [{ line, first }];
      endWait(line.waiting, first, null);
    }
    return [];
  });
const dueOf = ({ line, first }: Turn) => first.since + line.patience.yieldsMs;

function endWait(waiting: Set<Waiting>, one: Waiting, place: number | null) {
  waiting.delete(one);
  clearTimeout(one.timer);
  one.answer(place);
}

/** Those who have gone keep nobody out. @returns whether the line was searched for them */
function forgetGone(line: Line, now: number): boolean {
  if (now - line.searchedAt < SEARCH_EVERY_MS) return false;
  line.searchedAt = now;
  for (const one of line.waiting) if (one.gone()) endWait(line.waiting, one, null);
  return true;
}

/** Whether whoever joins would wait too long. */
function isSlow({ waiting, notEmptySince, patience, pace }: Line, now: number): boolean {
  if (waiting.size === 0) return false;
  const expected = waiting.size * pace.interval();
  const isOfBurst = now - notEmptySince + expected <= patience.burstMs;
  return !isOfBurst && Math.max(expected, pace.stoodFor(now)) > patience.standingMs;
}
