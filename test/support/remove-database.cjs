// Waits until the test run closes its end of our input, by ending in whatever way, and removes its PostgreSQL.
const { readFileSync, rmSync } = require("node:fs");
const { join } = require("node:path");
const { setTimeout: wait } = require("node:timers/promises");

const [dataDir] = process.argv.slice(2);
process.stdin.resume().once("close", () => remove());

async function remove() {
  const pid = postmasterPid();
  if (pid) {
    signal(pid, "SIGQUIT"); // PostgreSQL's immediate shutdown
    for (let tries = 0; tries < 100 && signal(pid, 0); tries++) await wait(50);
  }
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function postmasterPid() {
  try {
    return Number.parseInt(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8"), 10);
  } catch {
    return null;
  }
}

function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
