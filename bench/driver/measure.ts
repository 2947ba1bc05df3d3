import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { Turn } from "./turns";
import { createUser, type User } from "./user";

/** One or more requests; what throws is an error of the run. */
export type Flow = (user: User) => Promise<unknown>;
/** For how long a server is warmed up, then settles, then is measured. */
export type Pace = {
  /** At WARM_CONNECTIONS, before anything else; 0 for a server that this flow was asked of before */
  warmupSeconds: number;
  /** At the number of connections that is measured then */
  settleSeconds: number;
  seconds: number;
};
export type Load = Pace & { url: string; connections: number };
/** What one caller asks in some seconds is too little for V8 to compile a server's code well: so many warm it up, whatever is measured then. */
export const WARM_CONNECTIONS = 16;

/**
 * A slow server is measured for longer, until so many flows have ended for each user: all begin at once, so that the first ones end at once, too,
 * before or after the measurement does.
 */
const FLOWS_EACH = 4;
/** But not for longer than this. */
export const LONGEST_SECONDS = 60;

/** Warms the server up, and measures one turn of it then. A flow counts where it ends; errors count wherever they are. */
export async function measure(flow: Flow, load: Load): Promise<Turn> {
  const { url, connections, warmupSeconds, settleSeconds, seconds } = load;
  const failures: string[] = [];
  if (warmupSeconds > 0) {
    const warming = putToWork(flow, url, WARM_CONNECTIONS, failures);
    await wait(warmupSeconds * 1_000);
    await warming.stop();
  }
  const { latencies, stop } = putToWork(flow, url, connections, failures);
  await wait(settleSeconds * 1_000);
  latencies.length = 0;
  const began = performance.now();
  const took = () => (performance.now() - began) / 1_000;
  do await wait(seconds * 1_000);
  while (latencies.length < FLOWS_EACH * connections && took() < LONGEST_SECONDS && failures.length === 0);
  const all = took();
  await stop();
  return { latencies, seconds: all, errors: failures.length, firstError: failures[0] ?? null };
}

/** Closed loop: each of so many users begins its next flow when the last one is done. `latencies` are of those that have ended before `stop`. */
function putToWork(flow: Flow, url: string, connections: number, failures: string[]) {
  const latencies: number[] = [];
  let over = false;
  async function run(user: User) {
    while (!over) {
      const began = performance.now();
      try {
        await flow(user);
        if (!over) latencies.push(performance.now() - began);
      } catch (error) {
        failures.push((error as Error).message);
        user.memory = {};
        await wait(20); // a server that is gone is not asked a million times
      }
    }
    user.close();
  }
  const runs = Array.from({ length: connections }, () => run(createUser(url)));
  const stop = async () => {
    over = true;
    await Promise.all(runs);
  };
  return { latencies, stop };
}
