import { once } from "node:events";
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import type { Config } from "../platform/config";
import { topLevelError } from "../platform/errors";
import { createFairQueue } from "../platform/fair-queue";
import { type BcryptCall, startPasswordThread } from "./password-thread";

declare module "../platform/context" {
  interface Services {
    passwords: PasswordThreads;
  }
}

/** At bcrypt's default cost a quarter of a second each: who is further back had better come again. */
const MOST_WAITING = 32;

/** One core stays for everything else; the processes of one machine share the others. */
const threadsOf = ({ limits }: Config) =>
  Math.max(1, Math.floor((availableParallelism() - 1) / limits.workers));

const tooMany = () => topLevelError("SERVICE_UNAVAILABLE");

type Waiting = { call: BcryptCall; answer: (result: unknown) => void; fail: (error: unknown) => void };

/**
 * bcrypt on threads of its own, started when first needed, for one caller after the other. In Node's shared pool a flood of logins would hold up every file and every
 * name that the server looks up; here it holds up logins, and those of the address that it comes from before others.
 */
export function createPasswordThreads(config: Config) {
  const most = threadsOf(config);
  const threads = new Set<Worker>();
  const idle: Worker[] = [];
  const waiting = createFairQueue<Waiting>(MOST_WAITING, ({ fail }) => fail(tooMany()));

  function start() {
    const thread = startPasswordThread();
    threads.add(thread);
    return thread;
  }
  function next() {
    if (idle.length === 0 && threads.size >= most) return;
    const one = waiting.shift();
    if (one) void run(idle.pop() ?? start(), one);
  }
  async function run(thread: Worker, { call, answer, fail }: Waiting) {
    thread.ref();
    thread.postMessage(call);
    try {
      const [result] = await once(thread, "message");
      idle.push(thread);
      answer(result);
    } catch (error) {
      threads.delete(thread); // it ended with its error; the next call starts another
      fail(error);
    }
    thread.unref();
    next();
  }
  function checkRoom(caller: string) {
    if (!waiting.hasRoom(caller)) throw tooMany();
  }
  function ask(caller: string, call: BcryptCall): Promise<unknown> {
    checkRoom(caller);
    return new Promise((answer, fail) => {
      waiting.push(caller, { call, answer, fail });
      next();
    });
  }
  return {
    /** For whoever has other work to do before: no use in beginning it. @throws SERVICE_UNAVAILABLE when too many wait already */
    checkRoom,
    /** bcrypt's hash of the text. @throws SERVICE_UNAVAILABLE when too many wait already */
    hash: async (caller: string, text: string, cost: number) => (await ask(caller, { text, cost })) as string,
    /** Whether the hash is the text's. @throws SERVICE_UNAVAILABLE when too many wait already */
    compare: async (caller: string, text: string, hash: string) =>
      (await ask(caller, { text, hash })) as boolean,
    /** Ends the threads; nobody may be waiting any more. */
    async close() {
      await Promise.all([...threads].map((thread) => thread.terminate()));
    },
  };
}
export type PasswordThreads = ReturnType<typeof createPasswordThreads>;
