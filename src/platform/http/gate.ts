import { createPace } from "./pace";

/** Whoever wants in and cannot wait any longer, or need not, is told null. */
type Waiting = {
  since: number;
  gone: () => boolean;
  answer: (place: number | null) => void;
  timer: NodeJS.Timeout;
};
type Line = { waiting: Set<Waiting>; patience: Patience; notEmptySince: number };

/**
 * Nobody joins a line in which he would wait for longer than `burstMs`. A line that has not been empty for so long is no burst but more work
 * than can be done: then nobody joins who would wait for longer than `standingMs`.
 */
export type Patience = { burstMs: number; standingMs: number };
export type GateLimits = {
  /** How many are in at once */
  places: number;
  /** Whether one more may go in when so many are in */
  hasRoom?: (inside: number) => boolean;
  /** Hears of each who goes in */
  onEnter?: () => void;
  /** How many of each rank may wait */
  queue: number;
  /** How long each waits at most */
  waitMs: number;
  /** By rank, the first before the others */
  ranks: Patience[];
};
export type Gate = ReturnType<typeof createGate>;

/** Lets so many in at once and so many wait, in order of rank, then of arrival. Places have numbers from 0. */
export function createGate({ places, hasRoom = () => true, onEnter, queue, waitMs, ranks }: GateLimits) {
  const free = Array.from({ length: places }, (_, place) => places - 1 - place);
  const lines = ranks.map((patience): Line => ({ waiting: new Set(), patience, notEmptySince: 0 }));
  const pace = createPace();

  const isOpen = () => free.length > 0 && hasRoom(places - free.length);
  const ahead = (rank: number) =>
    lines.slice(0, rank + 1).reduce((sum, { waiting }) => sum + waiting.size, 0);
  function isSlow(rank: number, now: number): boolean {
    const { waiting, notEmptySince, patience } = lines[rank] as Line;
    const [first] = waiting;
    if (first === undefined) return false;
    const wait = Math.max(now - first.since, ahead(rank) * pace.interval());
    const standing = now - notEmptySince > patience.burstMs;
    return wait > (standing ? patience.standingMs : patience.burstMs);
  }
  const isWaitedFor = () => lines.some(({ waiting }) => waiting.size > 0);
  function take(): number {
    onEnter?.();
    return free.pop() as number;
  }
  function letIn() {
    while (isOpen()) {
      const first = takeFirst(lines);
      if (!first) return;
      first.answer(take());
    }
  }

  return {
    /**
     * @param gone whether whoever waits has given up meanwhile
     * @param patient whether he waits when there is no place
     * @returns the place, to be left again; null when he had to wait and doesn't, when too many wait already or have waited too long, when
     * the wait was too long, or when he has gone
     */
    enter(rank: number, gone: () => boolean, patient = true): number | null | Promise<number | null> {
      letIn();
      if (isOpen()) return take();
      const line = lines[rank] as Line;
      const { waiting } = line;
      const since = performance.now();
      const isPlaceLeft = ahead(rank) < free.length; // and only room is missing
      const isFull = waiting.size - free.length >= queue;
      if (!isPlaceLeft && (!patient || isFull || isSlow(rank, since))) return null;
      if (!isWaitedFor()) pace.begin(since);
      if (waiting.size === 0) line.notEmptySince = since;
      return new Promise((answer) => {
        const timer = setTimeout(() => {
          waiting.delete(one);
          answer(null);
        }, waitMs);
        const one = { since, gone, answer, timer };
        waiting.add(one);
      });
    },
    leave(place: number) {
      if (isWaitedFor()) pace.count(performance.now());
      free.push(place);
      letIn();
    },
    /** To be called when there may be room again, though nobody left. */
    letIn,
  };
}

/** Takes the next one out of the lines; who has gone meanwhile is passed over. */
function takeFirst(lines: Line[]): Waiting | undefined {
  for (const { waiting } of lines)
    for (const first of waiting) {
      waiting.delete(first);
      clearTimeout(first.timer);
      if (!first.gone()) return first;
      first.answer(null);
    }
  return undefined;
}
