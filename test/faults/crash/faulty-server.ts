import { fork } from "node:child_process";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { FaultPoint } from "../../../src/platform/fault-points";

const HARNESS = resolve("test/faults/crash/server.cjs");

const DYING_MS = 5_000;

/** Where a server kills itself: the nth time that it gets there. */
export type Armed = { point: FaultPoint; nth: number };

type Orders = { arm: Armed; advance: number; sweep: null; stop: null };
type Told = { url?: string; id?: number; error?: string };

/** Starts the built server as a process of its own that can be told when to die. @throws when it doesn't open */
export async function startFaultyServer(settings: Record<string, string>, movedMs: number) {
  const env = { PATH: process.env.PATH ?? "", ...settings, CLOCK_MOVED_MS: String(movedMs) };
  const child = fork(HARNESS, { env, cwd: "/", stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let errors = "";
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  const waiting = new Map<number, { done: () => void; fail: (error: Error) => void }>();
  /** The signal or code it ended with. */
  const ended = new Promise<string>((done) =>
    child.once("close", (code, signal) => {
      for (const { fail } of waiting.values())
        fail(new Error(`The server ended: ${signal ?? code} ${errors}`));
      done(signal ?? String(code));
    }),
  );
  const opened = new Promise<string>((open) =>
    child.on("message", ({ url, id, error }: Told) => {
      if (url) open(url);
      const one = waiting.get(id ?? 0);
      waiting.delete(id ?? 0);
      if (error) one?.fail(new Error(error));
      else one?.done();
    }),
  );
  const url = await Promise.race([opened, ended.then(() => null)]);
  if (url === null) throw new Error(`The server did not open: ${errors}`);
  let orders = 0;

  return {
    url,
    ended,
    /** Has the server do something, and waits until it is done. @throws when the server dies first */
    order<Name extends keyof Orders>(order: Name, about: Orders[Name]) {
      return new Promise<void>((done, fail) => {
        const id = ++orders;
        waiting.set(id, { done, fail });
        child.send({ id, order, about }, (error) => {
          if (error) fail(error);
        });
      });
    },
    /** Whether it has killed itself, which shows a moment after it stopped answering. */
    isDead: () => Promise.race([ended.then(() => true), wait(DYING_MS, false, { ref: false })]),
    /** Ends the process from outside, if it still runs. */
    end() {
      child.kill("SIGKILL");
      return ended;
    },
  };
}
export type FaultyServer = Awaited<ReturnType<typeof startFaultyServer>>;
