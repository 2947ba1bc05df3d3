import { fork } from "node:child_process";
import { join } from "node:path";
import type { Task } from "../scenarios";
import type { Measured } from "./measure";

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
export function drive(task: Task): Promise<Measured> {
  if (stopped.early) return Promise.reject(new Error("Stopped"));
  const driver = fork(join(__dirname, "main.js"));
  stopped.now = () => driver.kill();
  return new Promise((resolve, reject) => {
    driver.once("error", reject);
    driver.once("exit", (code) =>
      reject(new Error(stopped.early ? "Stopped" : `The driver ended with ${code}`)),
    );
    driver.once("message", (answer: Measured | { error: string }) => {
      driver.removeAllListeners("exit");
      driver.kill();
      if ("error" in answer) reject(new Error(answer.error));
      else resolve(answer);
    });
    driver.send(task);
  });
}
