import { Worker } from "node:worker_threads";

/** One call of bcrypt: which, and with what. */
export type BcryptCall = { name: "hashSync" | "compareSync"; args: [string, string | number] };

/** A thread of bcrypt's own. It keeps no process alive: whoever waits for its answer says so with `ref`. */
export function startPasswordThread(): Worker {
  const thread = new Worker(`(${answerCalls})()`, {
    eval: true, // one source for tests, which load TypeScript, and for the build, which doesn't
    workerData: require.resolve("bcrypt"),
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 }, // it holds one password at a time
  });
  thread.unref();
  return thread;
}

/** All that runs in the thread, which gets nothing but this text. */
function answerCalls() {
  const { parentPort, workerData } = require("node:worker_threads") as typeof import("node:worker_threads");
  const bcrypt = require(workerData) as Record<BcryptCall["name"], (...args: BcryptCall["args"]) => unknown>;
  parentPort?.on("message", ({ name, args }: BcryptCall) => parentPort.postMessage(bcrypt[name](...args)));
}
