import { fork } from "node:child_process";
import { join } from "node:path";
import type { Task } from "../scenarios";
import type { Turn } from "./measure";

const stopped = { early: false, now: () => {} };

/** Ends the measurement that runs, if one does, and refuses further ones: whoever asked for it clears up. */
export function stopDriving(): void {
  stopped.early = true;
  stopped.now();
}

/** @throws Error once stopDriving was called: long work that is no measurement asks this now and then */
export function throwIfStopped(): void {
  if (stopped.early) throw new Error("Stopped");
}

/** Measures in a process of its own, so that neither the parent's nor an earlier measurement's work is in the figures. */
export const drive = (task: Task): Promise<Turn> => inProcess("driver/main.js", task);

/** Has `task` done by a new process: a file of dist/bench that calls `doTasks`. */
export function inProcess<Found>(file: string, task: object): Promise<Found> {
  if (stopped.early) return Promise.reject(new Error("Stopped"));
  const driver = fork(join(__dirname, "..", file));
  stopped.now = () => driver.kill();
  return new Promise((resolve, reject) => {
    driver.once("error", reject);
    driver.once("exit", (code) =>
      reject(new Error(stopped.early ? "Stopped" : `The driver ended with ${code}`)),
    );
    driver.once("message", (answer: { found: Found } | { error: string }) => {
      driver.removeAllListeners("exit");
      driver.kill();
      if ("error" in answer) reject(new Error(answer.error));
      else resolve(answer.found);
    });
    driver.send(task);
  });
}

/** Does what the parent asks for; to be called in the process that `inProcess` starts. */
export function doTasks<Task>(work: (task: Task) => Promise<unknown>): void {
  process.on("message", (task: Task) => {
    work(task).then(
      (found) => process.send?.({ found }),
      (error: Error) => process.send?.({ error: error.stack }),
    );
  });
}
