import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { createUser, type User } from "./user";

/** One or more requests; what throws is an error of the run. */
export type Flow = (user: User) => Promise<unknown>;
export type Load = { url: string; connections: number; warmupSeconds: number; seconds: number };
/** Latencies are in milliseconds, of whole flows. */
export type Measured = {
  flows: number;
  perSecond: number;
  p50: number;
  p99: number;
  errors: number;
  firstError: string | null;
};

/** A slow server is measured for longer, until as many flows have ended as there are users: so many seconds at most. */
const LONGEST_SECONDS = 60;

/** Closed loop: each of so many users begins its next flow when the last one is done. A flow counts where it ends. */
export async function measure(
  flow: Flow,
  { url, connections, warmupSeconds, seconds }: Load,
): Promise<Measured> {
  const latencies: number[] = [];
  const failures: string[] = [];
  let phase: "warming up" | "measuring" | "over" = "warming up";

  async function run(user: User) {
    while (phase !== "over") {
      const began = performance.now();
      try {
        await flow(user);
        if (phase === "measuring") latencies.push(performance.now() - began);
      } catch (error) {
        failures.push((error as Error).message);
        user.memory = {};
        await wait(20); // a server that is gone is not asked a million times
      }
    }
  }
  const users = Array.from({ length: connections }, () => createUser(url));
  const runs = users.map(run);
  await wait(warmupSeconds * 1_000);
  phase = "measuring";
  const began = performance.now();
  const took = () => (performance.now() - began) / 1_000;
  do await wait(seconds * 1_000);
  while (latencies.length < connections && took() < LONGEST_SECONDS && failures.length === 0);
  const perSecond = latencies.length / took();
  phase = "over";
  const counted = latencies.length;
  await Promise.all(runs);
  for (const user of users) user.close();
  latencies.sort((a, b) => a - b);
  return {
    flows: counted,
    perSecond,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    errors: failures.length,
    firstError: failures[0] ?? null,
  };
}

/** Of sorted values; 0 when there are none. */
export const quantile = (sorted: number[], part: number) =>
  sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
