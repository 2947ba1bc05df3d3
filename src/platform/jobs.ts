import { setInterval } from "node:timers";
import type { Platform } from "./context";
import { openLeases, RENEW_MS } from "./job-leases";
import { type Attempt, startWorker } from "./job-worker";

/** A background job: what it does with its payload (ids only). Thrown: tried again, later and later. */
export type Job = (platform: Platform, payload: Record<string, string>, attempt: Attempt) => Promise<void>;
/**
 * Work that looks for what is due, every so often; on several servers each item is still taken by one. Once `stopping` is aborted it
 * begins no further item.
 */
export type Sweep = {
  name: string;
  everyMs: number;
  run: (platform: Platform, stopping: AbortSignal) => Promise<void>;
};

/**
 * Starts the queue's worker and the sweeps; gives back how to stop them, work in hand finished or given up. Without the owner's database address
 * (never in main) no jobs run.
 */
export function startBackground(platform: Platform, jobs: Record<string, Job>, sweeps: Sweep[]) {
  const { ownerUrl } = platform.config.database;
  const stops = sweeps.map((sweep) => startSweep(platform, sweep));
  if (ownerUrl) stops.push(startQueue(platform, ownerUrl, jobs));
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** The worker's jobs are its own until it has stopped: its leases are renewed for longer than it takes on any. */
function startQueue(platform: Platform, ownerUrl: string, jobs: Record<string, Job>) {
  const worker = startWorker(platform.log, ownerUrl, tasksOf(platform, jobs));
  const leases = openLeases(ownerUrl);
  const renew = () => leases.renew(worker.own());
  const stopRenewing = startSweep(platform, { name: "leases of jobs", everyMs: RENEW_MS, run: renew });
  return async () => {
    await worker.stop();
    await stopRenewing();
    await leases.close();
  };
}

const tasksOf = (platform: Platform, jobs: Record<string, Job>) =>
  Object.fromEntries(
    Object.entries(jobs).map(([name, job]) => [
      name,
      (payload: Record<string, string>, attempt: Attempt) => job(platform, payload, attempt),
    ]),
  );

function startSweep(platform: Platform, sweep: Sweep) {
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  const round = async () => {
    await sweep
      .run(platform, stopping.signal)
      .catch((error) => platform.log.error({ err: error, sweep: sweep.name }, "a sweep failed"));
    running = null;
  };
  const timer = setInterval(() => {
    running ??= round(); // the last one may still be at work
  }, sweep.everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    stopping.abort();
    await running;
  };
}
