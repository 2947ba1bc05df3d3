import { Worker } from "node:worker_threads";

/** A text to hash at a cost, or to compare with a hash. */
export type BcryptCall = { text: string; cost: number } | { text: string; hash: string };

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
  const { constants, getPriority, setPriority } = require("node:os") as typeof import("node:os");
  // Whoever shops goes first on a machine that is full. Linux knows the priority of a thread; elsewhere it would be the whole process'.
  if (process.platform === "linux")
    setPriority(
      Math.min(constants.priority.PRIORITY_LOW, getPriority() + constants.priority.PRIORITY_BELOW_NORMAL),
    );
  const { hashSync, compareSync } = require(workerData) as typeof import("bcrypt");
  parentPort?.on("message", (call: BcryptCall) =>
    parentPort.postMessage(
      "cost" in call ? hashSync(call.text, call.cost) : compareSync(call.text, call.hash),
    ),
  );
}
