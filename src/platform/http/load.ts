import { monitorEventLoopDelay } from "node:perf_hooks";
import { setInterval } from "node:timers";
import type { FastifyInstance } from "fastify";
import type { Pool } from "../pool/pool";

const RESOLUTION_MS = 10;
/** The median of so long counts: a pause to collect garbage is over within it, and no overload. */
const WINDOW_MS = 1_000;
/** Fewer turns in a window are no median: a process that was stopped (a machine put to sleep, SIGSTOP) has one long turn, and is not late. */
const FEWEST_TURNS = 4;
const MOST_LAG_MS = 100;
const MOST_WAIT_MS = 500;

export type Load = {
  /** This process has more to do than it can: it comes late to everything, or the database does. */
  isHigh(): boolean;
  /** So much that it keeps others waiting than those who ask for most of it. */
  isHighForAll(): boolean;
};

/** Watches how late this process and its database are, until `server` closes. `othersWaited` is the gates'. */
export function watchLoad(server: FastifyInstance, pool: Pool, othersWaited: () => number): Load {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let lag = 0;
  let hadFewTurns = false;
  delays.enable();
  const timer = setInterval(() => {
    const hasFewTurns = delays.count < FEWEST_TURNS;
    if (!hasFewTurns || hadFewTurns) lag = delays.percentile(50) / 1e6 - RESOLUTION_MS;
    hadFewTurns = hasFewTurns;
    delays.reset();
  }, WINDOW_MS);
  timer.unref();
  server.addHook("onClose", async () => {
    clearInterval(timer);
    delays.disable();
  });
  return {
    isHigh: () => lag > MOST_LAG_MS || pool.waited(() => true) > MOST_WAIT_MS,
    isHighForAll: () => lag > MOST_LAG_MS || othersWaited() > MOST_WAIT_MS,
  };
}
