import { setImmediate } from "node:timers";
import type { Door } from "./door";

/** So many newcomers, at most, are let in before the next request's work begins. */
const MOST = 4;

/**
 * libuv takes one new connection in a turn of the event loop. Were work begun in each turn, newcomers would come in as quickly as requests
 * are served and no quicker: under overload they would wait outside, where nobody can tell them no. So once work has begun, no other may while
 * each further turn brings a newcomer.
 */
export function putNewcomersFirst(door: Door, onRest: () => void) {
  let seen = door.arrivals;
  let resting = false;

  function awaitTurn(turn: number, arrivals: number) {
    setImmediate(() => {
      const isOver = turn > 0 && (turn > MOST || door.arrivals === arrivals); // the first still belongs to this turn
      if (!isOver) return awaitTurn(turn + 1, door.arrivals);
      resting = false;
      onRest();
    });
  }
  return {
    mayBegin: () => !resting,
    /** Work has begun. */
    begin() {
      if (door.arrivals === seen) return;
      seen = door.arrivals;
      resting = true;
      awaitTurn(0, seen);
    },
  };
}
