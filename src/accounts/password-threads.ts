import { once } from "node:events";
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import type { Config } from "../platform/config";
import { topLevelError } from "../platform/errors";
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

type Waiting = { call: BcryptCall; answer: (result: unknown) => void; fail: (error: unknown) => void };

/**
 * bcrypt on threads of its own, started when first needed. In Node's shared pool a flood of logins would hold up every file and every
 * name that the server looks up; here it holds up logins.
 */
export function createPasswordThreads(config: Config) {
  const most = threadsOf(config);
  const threads = new Set<Worker>();
  const idle: Worker[] = [];
  const waiting: Waiting[] = [];

  function start() {
    const thread = startPasswordThread();
    threads.add(thread);
    return thread;
  }
  function next() {
    if (waiting.length === 0) return;
    const thread = idle.pop() ?? (threads.size < most ? start() : null);
    if (thread) void run(thread, waiting.shift() as Waiting);
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
  function checkRoom() {
    if (waiting.length >= MOST_WAITING) throw topLevelError("SERVICE_UNAVAILABLE");
  }
  function ask(call: BcryptCall): Promise<unknown> {
    checkRoom();
    return new Promise((answer, fail) => {
      waiting.push({ call, answer, fail });
      next();
    });
  }
  return {
    /** For whoever has other work to do before: no use in beginning it. @throws SERVICE_UNAVAILABLE when too many wait already */
    checkRoom,
    /** bcrypt's hash of the text. @throws SERVICE_UNAVAILABLE when too many wait already */
    hash: async (text: string, cost: number) => (await ask({ text, cost })) as string,
    /** Whether the hash is the text's. @throws SERVICE_UNAVAILABLE when too many wait already */
    compare: async (text: string, hash: string) => (await ask({ text, hash })) as boolean,
    /** Ends the threads; nobody may be waiting any more. */
    async close() {
      await Promise.all([...threads].map((thread) => thread.terminate()));
    },
  };
}
export type PasswordThreads = ReturnType<typeof createPasswordThreads>;
