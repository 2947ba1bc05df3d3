import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { findRunAs } from "../../src/platform/embedded-postgres/run-as";
import { reachableTemp } from "../../src/platform/embedded-postgres/temp-folder";

const MAIN = resolve("dist/src/main.js");
const START_LIMIT_MS = 60_000;

/** A folder that the database's user can enter, also under root. */
export async function temporaryFolder(): Promise<{ path: string; remove(): void }> {
  const path = mkdtempSync(join(await reachableTemp(await findRunAs()), "tillgraph-lifecycle-"));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export type Server = Awaited<ReturnType<typeof startServer>>;

/** The built server as a process of its own, in an environment of nothing but `settings`; `log` is where its log goes, if not into `output`. */
export function spawnServer(settings: Record<string, string>, log: "pipe" | number = "pipe") {
  const env = {
    PATH: process.env.PATH ?? "",
    HOST: "127.0.0.1",
    PORT: "0",
    LOG_LEVEL: "warn",
    BCRYPT_COST: "10",
    ...settings,
  };
  const child = spawn(process.execPath, [MAIN], { env, cwd: "/", stdio: ["ignore", "pipe", log] });
  const output = { out: "", err: "" };
  child.stdout?.on("data", (chunk) => (output.out += chunk));
  child.stderr?.on("data", (chunk) => (output.err += chunk));
  const ended = new Promise<number | null>((done) => child.once("close", (code) => done(code)));
  return { child, output, ended };
}

/** Starts it and waits until it is open. */
export async function startServer(settings: Record<string, string>, log?: number) {
  const { child, output, ended } = spawnServer(settings, log);
  const url = await address(child, output);
  return {
    url,
    pid: child.pid,
    /** What it logs, unless that goes elsewhere */
    log: child.stderr,
    output,
    isReady: async () => (await fetch(new URL("/readyz", url))).status === 200,
    /** @returns the exit code; null when the signal itself ended it */
    async end(signal: NodeJS.Signals) {
      child.kill(signal);
      return ended;
    },
  };
}

async function address(child: ChildProcess, output: { out: string; err: string }): Promise<string> {
  for (let waited = 0; waited < START_LIMIT_MS; waited += 50) {
    const found = /is open: (http\S+)/.exec(output.out)?.[1];
    if (found) return found;
    if (child.exitCode !== null) break;
    await wait(50);
  }
  child.kill("SIGKILL");
  throw new Error(`The server did not open: ${output.out}${output.err}`);
}

/** The process that serves the database in `dataDir`, as its lock file says; null when there is none. */
export function postmasterOf(dataDir: string): number | null {
  const file = join(dataDir, "postgres", "postmaster.pid");
  return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : null;
}

export function isAlive(pid: number | null): boolean {
  try {
    return pid !== null && process.kill(pid, 0);
  } catch {
    return false;
  }
}
