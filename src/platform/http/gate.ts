import {
  createLine,
  type Guest,
  type Line,
  type LineLimits,
  type Patience,
  type Waiting,
} from "./waiting-line";

type Turn = { line: Line; first: Waiting; dueAt: number };

/**
 * Every so many-th turn is for those who are overdue, where there are any: so nobody stands still because earlier ranks go on coming, and
 * however many join at once, most turns are still for those who go before them.
 */
const OVERDUE_TURN = 4;

/** The limits of lines are each rank's. */
export type GateLimits = LineLimits & {
  /** How many are in at once */
  places: number;
  /** Whether one more may go in when so many are in */
  hasRoom?: (inside: number) => boolean;
  /** Hears of each who goes in */
  onEnter?: () => void;
  /** By rank */
  ranks: Patience[];
};
export type Gate = ReturnType<typeof createGate>;

/** Lets so many in at once and so many wait, by rank and in order of arrival. */
export function createGate({ places, hasRoom = () => true, onEnter, ranks, ...limits }: GateLimits) {
  const lines = ranks.map((patience) => createLine(patience, limits));
  let [inside, overdueTurns] = [0, 0];

  const isOpen = () => inside < places && hasRoom(inside);
  const ahead = (rank: number) => lines.slice(0, rank + 1).reduce((sum, line) => sum + line.size(), 0);
  function goIn(): true {
    onEnter?.();
    inside++;
    return true;
  }
  /** Whose turn it is. */
  function next(): Turn | undefined {
    const [first, ...later] = lines.flatMap(turnOf);
    const now = performance.now();
    const overdue = later.filter(({ dueAt }) => dueAt <= now);
    if (overdue.length === 0 || ++overdueTurns % OVERDUE_TURN !== 0) return first;
    return overdue.reduce((most, turn) => (turn.dueAt < most.dueAt ? turn : most));
  }
  function letIn() {
    while (isOpen()) {
      const turn = next();
      if (!turn) return;
      goIn();
      turn.line.letIn(turn.first);
    }
  }

  return {
    /**
     * @param mayWait whether he waits when there is no place; asked only then
     * @returns whether he is in, and has to leave; not, when he had to wait and doesn't, when too many wait already or he would wait too long, when
     * the wait was too long after all, or when he has gone
     */
    enter(rank: number, guest: Guest, mayWait = () => true): boolean | Promise<boolean> {
      letIn();
      if (isOpen()) return goIn();
      const line = lines[rank] as Line;
      const free = places - inside;
      const isPlaceLeft = ahead(rank) < free; // and only room is missing
      if (!isPlaceLeft && !mayWait()) return false;
      const [bytes, now] = [guest.bytes(), performance.now()];
      return (isPlaceLeft || line.mayJoin(bytes, free, now)) && line.join(guest, bytes, now);
    },
    leave() {
      inside--;
      letIn();
    },
    /** Milliseconds that somebody has been waiting for whose caller counts. */
    waited: (counts: (caller: string) => boolean) => Math.max(...lines.map((line) => line.waited(counts))),
    /** To be called when there may be room again, though nobody left. */
    letIn,
  };
}

/** Of a line in which somebody waits. */
function turnOf(line: Line): Turn[] {
  const first = line.first();
  return first ? [{ line, first, dueAt: line.dueAt(first) }] : [];
}
