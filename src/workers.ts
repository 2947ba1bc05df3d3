import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import type { Environment } from "./platform/config";
import type { Logger } from "./platform/log";
import { StartError } from "./platform/start-error";

/** A worker that dies at once whenever it starts must not keep the machine busy with starting it. */
const RESTART_MS = 1_000;

type Ask = {
  count: number;
  /** The settings of every worker, complete */
  environment: Environment;
  log: Logger;
  /** Resolves when all of them shall leave */
  signal: Promise<void>;
  /** Hears the address once all of them are open */
  onOpen: (address: string) => void;
};

/**
 * Runs `count` processes that serve on one port: connections are dealt out to them in turn. A worker that dies is replaced. Ends when
 * the signal came and each has finished what it had in hand.
 * @throws StartError when a worker dies before all were open: it has said why
 */
export async function superviseWorkers({ count, environment, log, signal, onOpen }: Ask): Promise<void> {
  const stopping = new AbortController();
  void signal.then(() => stopping.abort());
  let opened = 0;
  cluster.on("message", (_worker, { address }: { address?: string }) => {
    if (address && ++opened === count) onOpen(address);
  });
  await Promise.all(Array.from({ length: count }, keepWorker));

  /** One place of the many: whoever serves in it, until the signal. */
  async function keepWorker(): Promise<void> {
    while (!stopping.signal.aborted) {
      const worker = cluster.fork(environment);
      const [code, signalName] = await served(worker, stopping.signal);
      if (stopping.signal.aborted) return;
      if (opened < count) throw new StartError("A worker could not start.");
      log.error({ pid: worker.process.pid, code, signal: signalName }, "a worker died and is replaced");
      await wait(RESTART_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
}

/** Waits until the worker has ended, which the signal asks it to do. @returns its exit code, or the name of the signal that killed it */
async function served(worker: Worker, stopping: AbortSignal) {
  const ended = once(worker, "exit");
  const leave = () => worker.process.kill("SIGTERM");
  stopping.addEventListener("abort", leave);
  try {
    return (await ended) as [number | null, string | null];
  } finally {
    stopping.removeEventListener("abort", leave);
  }
}
