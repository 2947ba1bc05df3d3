import { EventEmitter } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import {
  type Runner,
  type RunnerOptions,
  run,
  type TaskList,
  type WorkerEvents,
  Logger as WorkerLogger,
} from "graphile-worker";
import { SECOND } from "./clock";
import type { Logger } from "./log";

/** What is done with a job's payload; thrown: tried again, later and later. */
type Task = (payload: Record<string, string>) => Promise<void>;

/** How often the worker looks for jobs; what is queued without a key does not call it. */
const POLL_MS = SECOND;
/** Jobs that are fetched together, which costs little more than to fetch one. What is not begun soon goes back to the queue, for other servers. */
const FETCHED = 50;
const GIVEN_BACK_MS = 10 * SECOND;
/** Jobs in hand at once: one that takes minutes (the day's reconciliation) keeps no mail waiting, and mails read their orders together. */
const AT_ONCE = 5;
/** The queue's own connections: one listens. */
const CONNECTIONS = 1 + AT_ONCE;
/** Jobs that are done are taken off the queue together. One that was done so shortly before a crash is done again. */
const DONE_MS = 100;
/** Between attempts to start the worker again while the database is away. */
const RESTART_MS = 2 * SECOND;

/**
 * Starts the queue's worker; gives back how to stop it, the job in hand finished, and under which name it holds jobs now. It gives up by
 * itself when the database goes away in the middle of a job: then it is started again, by another name, until the database is back.
 * @param ownerUrl the queue's tables belong to the owner's role alone
 */
export async function startWorker(log: Logger, ownerUrl: string, tasks: Record<string, Task>) {
  const events: WorkerEvents = new EventEmitter();
  let name: string | null = null;
  events.on("pool:create", ({ workerPool }) => {
    name = workerPool.id;
  });
  const options = { ...workerOptions(log, ownerUrl, tasks as TaskList), events };
  const stopping = new AbortController();
  let runner: Runner | null = await run(options);
  const running = keepRunning();
  return {
    name: () => name,
    async stop() {
      stopping.abort();
      await runner?.stop().catch(() => undefined); // it may be ending by itself just now
      await running;
    },
  };

  async function keepRunning() {
    while (runner) {
      await runner.promise.catch((error) =>
        log.error({ err: error, part: "jobs" }, "the job worker gave up"),
      );
      runner = await startAgain();
    }
  }

  async function startAgain(): Promise<Runner | null> {
    while (!stopping.signal.aborted) {
      await wait(RESTART_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return null;
      const started = await run(options).catch(() => null); // still away, which the worker has logged
      if (started && stopping.signal.aborted) await started.stop().catch(() => undefined);
      else if (started) return started;
    }
    return null;
  }
}

const workerOptions = (log: Logger, ownerUrl: string, taskList: TaskList): RunnerOptions => ({
  connectionString: ownerUrl,
  maxPoolSize: CONNECTIONS,
  concurrency: AT_ONCE,
  noHandleSignals: true,
  noPreparedStatements: false,
  pollInterval: POLL_MS,
  // Batches, also of failed ones: outside of them a job that cannot be marked as done is a rejection nobody hears of.
  preset: {
    worker: {
      completeJobBatchDelay: DONE_MS,
      failJobBatchDelay: 0,
      localQueue: { size: FETCHED, ttl: GIVEN_BACK_MS },
    },
  },
  logger: workerLogger(log),
  taskList,
});

const workerLogger = (log: Logger) =>
  new WorkerLogger(() => (level, message) => {
    if (level === "error") log.error({ part: "jobs" }, message);
    else if (level === "warning") log.warn({ part: "jobs" }, message);
    else log.debug({ part: "jobs" }, message);
  });
