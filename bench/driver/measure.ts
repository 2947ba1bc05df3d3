import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { createUser, type User } from "./user";

/** One or more requests; what throws is an error of the run. */
export type Flow = (user: User) => Promise<unknown>;
/** What one of several servers did while it was its turn to be asked. */
export type Turn = {
  /** Of the flows that ended, in milliseconds */
  latencies: number[];
  /** How long it was measured */
  seconds: number;
  errors: number;
  firstError: string | null;
};
export type Load = {
  url: string;
  connections: number;
  /** Asked for so long before anything counts */
  settleSeconds: number;
  /** 0 measures nothing: the server was warmed up */
  seconds: number;
};
/** What one caller asks in some seconds is too little for V8 to compile a server's code well: so many warm it up, whatever is measured then. */
export const WARM_CONNECTIONS = 16;

/** A slow server is measured for longer, until so many flows have ended for each user: one or two of each tell little. */
const FLOWS_EACH = 4;
/** But not for longer than this. */
export const LONGEST_SECONDS = 60;

/** One turn of a server. A flow counts where it ends; errors count wherever they are. */
export async function measure(flow: Flow, load: Load): Promise<Turn> {
  const { url, connections, settleSeconds, seconds } = load;
  const failures: string[] = [];
  const { latencies, stop } = putToWork(flow, url, connections, failures);
  await wait(settleSeconds * 1_000);
  latencies.length = 0;
  const began = performance.now();
  const took = () => (performance.now() - began) / 1_000;
  const lasts = () =>
    latencies.length < FLOWS_EACH * connections && took() < LONGEST_SECONDS && failures.length === 0;
  if (seconds > 0)
    do await wait(seconds * 1_000);
    while (lasts());
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
