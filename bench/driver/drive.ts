import { fork } from "node:child_process";
import { join } from "node:path";
import type { Task } from "../scenarios";
import type { Measured } from "./measure";

/** Measures in a process of its own, so that neither the parent's nor an earlier measurement's work is in the figures. */
export function drive(task: Task): Promise<Measured> {
  const driver = fork(join(__dirname, "main.js"));
  return new Promise((resolve, reject) => {
    driver.once("error", reject);
    driver.once("exit", (code) => reject(new Error(`The driver ended with ${code}`)));
    driver.once("message", (answer: Measured | { error: string }) => {
      driver.removeAllListeners("exit");
      driver.kill();
      if ("error" in answer) reject(new Error(answer.error));
      else resolve(answer);
    });
    driver.send(task);
  });
}
