import { setInterval } from "node:timers";
import { type Runner, run, type TaskList, Logger as WorkerLogger } from "graphile-worker";
import type { Platform } from "./context";
import type { Logger } from "./log";

/** A background job: what it is called in `enqueue`, and what it does with its payload (ids only). Thrown: tried again, later and later. */
export type Job = (platform: Platform, payload: Record<string, string>) => Promise<void>;
/** Work that looks for what is due, every so often; on several servers each item is still taken by one. */
export type Sweep = { name: string; everyMs: number; run: (platform: Platform) => Promise<void> };

/** Starts the queue's worker and the sweeps; gives back how to stop them, work in hand finished. */
export async function startBackground(platform: Platform, jobs: Record<string, Job>, sweeps: Sweep[]) {
  const stops = sweeps.map((sweep) => startSweep(platform, sweep));
  const runner = await startWorker(platform, jobs);
  return async () => {
    await Promise.all([runner?.stop(), ...stops.map((stop) => stop())]);
  };
}

function startSweep(platform: Platform, sweep: Sweep) {
  let running = Promise.resolve();
  let busy = false;
  const tick = async () => {
    if (busy) return; // the last round is still at work
    busy = true;
    await sweep
      .run(platform)
      .catch((error) => platform.log.error({ err: error, sweep: sweep.name }, "a sweep failed"));
    busy = false;
  };
  const timer = setInterval(() => {
    running = tick();
  }, sweep.everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** The queue's tables belong to the owner's role alone. Without a database address of its own (never in main) nothing runs. */
async function startWorker(platform: Platform, jobs: Record<string, Job>): Promise<Runner | null> {
  const { ownerUrl } = platform.config.database;
  if (!ownerUrl) return null;
  const taskList: TaskList = Object.fromEntries(
    Object.entries(jobs).map(([name, job]) => [
      name,
      (payload) => job(platform, payload as Record<string, string>),
    ]),
  );
  return run({
    connectionString: ownerUrl,
    maxPoolSize: 2,
    concurrency: 1,
    noHandleSignals: true,
    noPreparedStatements: false,
    logger: workerLogger(platform.log),
    taskList,
  });
}

const workerLogger = (log: Logger) =>
  new WorkerLogger(() => (level, message) => {
    if (level === "error") log.error({ part: "jobs" }, message);
    else if (level === "warning") log.warn({ part: "jobs" }, message);
    else log.debug({ part: "jobs" }, message);
  });
