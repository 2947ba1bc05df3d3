import { setTimeout as wait } from "node:timers/promises";
import {
  type Job,
  type Runner,
  type RunnerOptions,
  run,
  type TaskList,
  Logger as WorkerLogger,
} from "graphile-worker";
import { SECOND } from "./clock";
import type { Logger } from "./log";

/** What is done with a job's payload; thrown: tried again, later and later. */
type Task = (payload: Record<string, string>) => Promise<void>;
/** The jobs that are being done, and when that ends. */
type InHand = Map<Job, Promise<void>>;

/** How often the worker looks for jobs; what is queued without a key does not call it. */
const POLL_MS = SECOND;
/** Jobs in hand at once: one that takes minutes (the day's reconciliation) keeps no mail waiting, and mails read their orders together. */
const AT_ONCE = 5;
/** The queue's own connections: one listens. */
const CONNECTIONS = 1 + AT_ONCE;
/** Jobs that are done are taken off the queue together. One that was done so shortly before a crash is done again. */
const DONE_MS = 100;
/** Between attempts to start the worker again while the database is away. */
const RESTART_MS = 2 * SECOND;
/** For the queue to hear of the last jobs in hand when a worker stops: its batches never end when several could not be told to the database. */
const LAST_WORD_MS = 5 * SECOND;

/**
 * Starts the queue's worker; gives back how to stop it, the jobs in hand finished, and which these are now. It gives up by itself when
 * the database goes away in the middle of a job: then it is started again until the database is back.
 * @param ownerUrl the queue's tables belong to the owner's role alone
 */
export async function startWorker(log: Logger, ownerUrl: string, tasks: Record<string, Task>) {
  const inHand: InHand = new Map();
  const options = workerOptions(log, ownerUrl, tracked(tasks, inHand), inHand);
  const stopping = new AbortController();
  let runner: Runner | null = await run(options);
  const running = keepRunning();
  return {
    inHand: () => [...inHand.keys()],
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

/** The tasks, each job `inHand` for as long as it takes. */
const tracked = (tasks: Record<string, Task>, inHand: InHand): TaskList =>
  Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      (payload, { job }) => {
        const done = task(payload as Record<string, string>).finally(() => inHand.delete(job));
        inHand.set(job, done);
        return done;
      },
    ]),
  );

/** Waits for a worker's end, but not much longer than for the jobs in hand. */
async function endOf(shutdown: void | PromiseLike<void>, inHand: InHand): Promise<void> {
  const ended = new AbortController();
  const end = Promise.resolve(shutdown).finally(() => ended.abort());
  const handsFree = async () => {
    do {
      await Promise.allSettled(inHand.values());
      await wait(LAST_WORD_MS, undefined, { signal: ended.signal });
    } while (inHand.size > 0);
  };
  await Promise.race([end, handsFree().catch(() => end)]);
}

const workerOptions = (log: Logger, ownerUrl: string, taskList: TaskList, inHand: InHand): RunnerOptions => ({
  connectionString: ownerUrl,
  maxPoolSize: CONNECTIONS,
  concurrency: AT_ONCE,
  noHandleSignals: true,
  noPreparedStatements: false,
  pollInterval: POLL_MS,
  preset: {
    // Batches, also of failed ones: outside of them a job that cannot be marked as done is a rejection nobody hears of.
    worker: { completeJobBatchDelay: DONE_MS, failJobBatchDelay: 0 },
    plugins: [
      {
        name: "end-of-a-worker",
        version: "1.0.0",
        worker: { middleware: { poolGracefulShutdown: (next) => endOf(next(), inHand) } },
      },
    ],
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
