import { setTimeout as wait } from "node:timers/promises";
import { inspect } from "node:util";
import { createAlarm } from "./alarm";
import { SECOND } from "./clock";
import { newId } from "./ids";
import type { HeldJob } from "./job-leases";
import type { Logger } from "./log";
import { type EndedJob, openQueue, type TakenJob } from "./taken-jobs";

/**
 * An attempt at a job, whose id stays over all of them. Once `stopping` is aborted the server stops: a job that takes longer than a mail throws
 * its reason then, is another server's at once, and was no attempt.
 */
export type Attempt = { id: string; stopping: AbortSignal };
/** What is done with a job's payload; thrown: tried again, later and later. */
type Task = (payload: Record<string, string>, attempt: Attempt) => Promise<void>;

/** How often the worker looks for jobs while there are none; nothing calls it. */
const POLL_MS = 200;
/** Jobs in hand at once: one that takes minutes (the day's reconciliation) keeps no mail waiting, and mails read their orders together. */
const AT_ONCE = 5;
/** Jobs that end so shortly after another are taken off the queue with it. One that was done so shortly before a crash is done again. */
const GATHER_MS = 50;
/** Between attempts while the database is away. */
const RETRY_MS = SECOND;
/** For the queue to hear of the last jobs in hand when a worker stops while the database is away. */
const LAST_WORD_MS = 5 * SECOND;

/**
 * Starts the queue's worker; gives back how to stop it, the jobs in hand finished or given up, and which are its own now. While the database is away
 * it goes on trying; what ended meanwhile is said once it is back.
 * @param ownerUrl the queue's tables belong to the owner's role alone
 */
export function startWorker(log: Logger, ownerUrl: string, tasks: Record<string, Task>) {
  const worker = `worker-${newId()}`;
  const queue = openQueue(ownerUrl, worker, Object.keys(tasks));
  const inHand = new Map<string, Promise<void>>();
  const untold: EndedJob[] = [];
  const alarm = createAlarm();
  const stopping = new AbortController();
  const working = work();
  return {
    own: (): HeldJob[] => [...inHand.keys(), ...untold.map(({ id }) => id)].map((id) => ({ id, worker })),
    async stop() {
      stopping.abort();
      alarm.within(0);
      await working;
      while (inHand.size > 0) {
        await Promise.race([Promise.all(inHand.values()), wait(POLL_MS)]);
        if (untold.length > 0) await exchange(0); // whoever kills this process while one takes minutes has the others done again
      }
      for (const end = performance.now() + LAST_WORD_MS; untold.length > 0 && performance.now() < end; )
        if (!(await exchange(0))) await wait(POLL_MS);
      await queue.close();
    },
  };

  async function work() {
    while (!stopping.signal.aborted) {
      const heard = await exchange(AT_ONCE - inHand.size);
      if (!stopping.signal.aborted) await (heard ? pause() : alarm.ringsWithin(RETRY_MS));
    }
  }

  /** Tells the queue what ended, and begins what it gives. @returns whether it was heard */
  async function exchange(room: number): Promise<boolean> {
    const told = [...untold];
    try {
      const taken = await queue.exchange(told, room);
      untold.splice(0, told.length);
      for (const job of taken) if (!inHand.has(job.id)) inHand.set(job.id, Promise.resolve(job).then(begin));
      return true;
    } catch (error) {
      log.error({ err: error, part: "jobs" }, "the job queue could not be asked");
      return false;
    }
  }

  async function begin({ id, task, payload, attempts, max_attempts }: TakenJob) {
    try {
      await (tasks[task] as Task)(payload, { id, stopping: stopping.signal });
      untold.push({ id, end: "done" });
    } catch (error) {
      untold.push(
        endOf(error, { id, about: `task ${id} (${task}, attempt ${attempts} of ${max_attempts})` }),
      );
    }
    inHand.delete(id);
    alarm.within(tellWithin());
  }

  /** How a job ended that threw, which is logged. */
  function endOf(error: unknown, { id, about }: { id: string; about: string }): EndedJob {
    if (stopping.signal.aborted && error === stopping.signal.reason) {
      log.info({ part: "jobs" }, `Gave up ${about}: the server stops`);
      return { id, end: "gaveUp" };
    }
    log.error({ err: error, part: "jobs" }, `Failed ${about}`);
    const message = (error instanceof Error && error.message) || inspect(error);
    return { id, end: "failed", error: message.replaceAll("\0", "") }; // which PostgreSQL's texts cannot hold
  }

  /** Those that end together are told of together. */
  function tellWithin() {
    return inHand.size === 0 ? 0 : GATHER_MS;
  }

  /** Until it is worth asking again: all in hand have ended, or one has and its neighbours had their time, or there is room and time is over. */
  async function pause() {
    if (untold.length > 0) alarm.within(tellWithin());
    await alarm.ringsWithin(inHand.size < AT_ONCE ? POLL_MS : null);
  }
}
