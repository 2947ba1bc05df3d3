/** Whoever wants in and cannot wait any longer, or need not, is told null. */
type Waiting = {
  since: number;
  gone: () => boolean;
  answer: (place: number | null) => void;
  timer: NodeJS.Timeout;
};

export type GateLimits = {
  /** How many are in at once */
  places: number;
  /** How many of each rank may wait */
  queue: number;
  /** Ranks, the first before the others */
  ranks: number;
  /** How long each waits at most */
  waitMs: number;
  /** Nobody joins a line whose first has waited this long: he would wait as long, for an answer that comes late anyway */
  patienceMs: number;
};
export type Gate = ReturnType<typeof createGate>;

/** Lets so many in at once and so many wait, in order of rank, then of arrival. Places have numbers from 0, the lowest free one is taken. */
export function createGate({ places, queue, ranks, waitMs, patienceMs }: GateLimits) {
  const free = Array.from({ length: places }, (_, place) => places - 1 - place);
  const lines = Array.from({ length: ranks }, () => new Set<Waiting>());

  function slow([first]: Iterable<Waiting>) {
    return first !== undefined && performance.now() - first.since > patienceMs;
  }
  /** Who has gone meanwhile is passed over. */
  function next(): Waiting | undefined {
    for (const line of lines)
      for (const first of line) {
        line.delete(first);
        clearTimeout(first.timer);
        if (!first.gone()) return first;
        first.answer(null);
      }
    return undefined;
  }

  return {
    /**
     * @param gone whether whoever waits has given up meanwhile
     * @param patient whether he waits when there is no place
     * @returns the place, to be left again; null when he had to wait and doesn't, when too many wait already or have waited too long, when the wait was too long, or when he has gone
     */
    enter(rank: number, gone: () => boolean, patient = true): number | null | Promise<number | null> {
      const place = free.pop();
      if (place !== undefined) return place;
      const line = lines[rank] as Set<Waiting>;
      if (!patient || line.size >= queue || slow(line)) return null;
      return new Promise((answer) => {
        const timer = setTimeout(() => {
          line.delete(waiting);
          answer(null);
        }, waitMs);
        const waiting = { since: performance.now(), gone, answer, timer };
        line.add(waiting);
      });
    },
    leave(place: number) {
      const first = next();
      if (first) first.answer(place);
      else free.push(place);
    },
  };
}
