import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { StartError } from "../start-error";
import { type DataFolder, writePrivate } from "./data-folder";
import { postgresMajor, program } from "./native-folder";
import { findPostmaster, isAlive } from "./postmaster";
import { type RunAs, run } from "./run-as";

/** One PostgreSQL data folder, who runs it, with what programs and settings. */
export type Cluster = {
  folder: DataFolder;
  runAs: RunAs;
  native: string;
  settings: Record<string, string | number>;
};

/** For one machine: reachable from it alone, in UTC, planned for short queries. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: 200,
  shared_buffers: "256MB",
  timezone: "UTC",
  log_timezone: "UTC",
  jit: "off",
  random_page_cost: 1.1,
  max_parallel_workers_per_gather: 0,
  default_text_search_config: "pg_catalog.english",
};
const LOCALE = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];
const START_LIMIT_S = 60;
const ATTEMPTS = 10;

/** Makes the cluster when there is none. Built aside and renamed: a killed start leaves no half of one, of two the first wins. */
export async function createCluster(cluster: Cluster, superuserPassword: string) {
  const { folder, runAs, native, settings } = cluster;
  if (existsSync(folder.cluster)) return checkVersion(folder.cluster);
  sweepDrafts(folder.path);
  const draft = join(folder.path, `postgres.${process.pid}.new`);
  const passwordFile = `${draft}.password`;
  try {
    mkdirSync(draft, { mode: 0o700 });
    if (runAs.uid !== undefined && runAs.gid !== undefined) chownSync(draft, runAs.uid, runAs.gid);
    writePrivate(passwordFile, superuserPassword, runAs);
    const args = ["--username=postgres", `--pwfile=${passwordFile}`, "--auth=scram-sha-256", ...LOCALE];
    if (settings.fsync === "off") args.push("--no-sync");
    const made = await run(program(native, "initdb"), [`--pgdata=${draft}`, ...args], runAs);
    if (made.code !== 0)
      throw new StartError(`The database in ${folder.path} could not be made: ${lastLine(made.output)}`);
    renameUnlessThere(draft, folder.cluster);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

function checkVersion(path: string) {
  const version = readText(join(path, "PG_VERSION")).trim();
  if (version === postgresMajor()) return;
  throw new StartError(
    `${path} holds a database of PostgreSQL ${version || "(unknown)"}; this is PostgreSQL ${postgresMajor()}.`,
  );
}

function sweepDrafts(path: string) {
  for (const name of readdirSync(path)) {
    const pid = /^postgres\.(\d+)\.new/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(path, name), { recursive: true, force: true });
  }
}

function renameUnlessThere(draft: string, path: string) {
  try {
    renameSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

/**
 * Starts the cluster's server unless one runs already, detached from our terminal so that Ctrl-C reaches us alone.
 * @returns its port, and whether it was started now
 */
export async function startServer(cluster: Cluster): Promise<{ port: number; started: boolean }> {
  const { folder, runAs, native } = cluster;
  for (let attempt = 1; ; attempt++) {
    const running = findPostmaster(folder.cluster);
    if (running?.port) return { port: running.port, started: false };
    const log = join(folder.cluster, "server.log");
    const port = await freePort();
    const failed = running ? "" : await tryStart(cluster, port, log);
    if (failed === null) return { port, started: true };
    if (attempt === ATTEMPTS || !passes(failed)) {
      throw new StartError(
        `PostgreSQL in ${folder.path} does not start: ${lastLine(failed) || "it is starting or stopping for too long"}`,
      );
    }
    await wait(100 * attempt);
  }

  async function tryStart(cluster: Cluster, port: number, log: string): Promise<string | null> {
    if (existsSync(log)) renameSync(log, `${log}.1`);
    writePrivate(join(cluster.folder.cluster, "postgresql.conf"), configuration(cluster.settings), runAs);
    const args = [
      "start",
      "--wait",
      `--timeout=${START_LIMIT_S}`,
      `--pgdata=${folder.cluster}`,
      `--log=${log}`,
      `--options=-p ${port}`,
    ];
    const { code, output } = await run(program(native, "pg_ctl"), args, runAs);
    return code === 0 ? null : faults(readText(log)) || output;
  }
}

/** The port was taken meanwhile, another process starts the same cluster, or children of a killed server are still going. */
const passes = (failure: string) =>
  failure === "" ||
  /could not bind|could not create any TCP|lock file|shared memory block|another server might be running/i.test(
    failure,
  );

const faults = (log: string) =>
  log
    .split("\n")
    .filter((line) => /FATAL|PANIC|could not bind/.test(line))
    .join("\n");
const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";

function configuration(settings: Record<string, string | number>) {
  const lines = Object.entries({ ...SETTINGS, ...settings }).map(([name, value]) => `${name} = '${value}'`);
  return ["# Written at every start; changes made here are lost.", ...lines, ""].join("\n");
}

/** Stops the cluster's server: connections are closed, the data is whole. Nothing to do when it doesn't run. */
export async function stopServer({ folder, runAs, native }: Cluster) {
  for (const mode of ["fast", "immediate"]) {
    if (!findPostmaster(folder.cluster)) return;
    const args = ["stop", "--wait", "--timeout=30", `--mode=${mode}`, `--pgdata=${folder.cluster}`];
    const { code } = await run(program(native, "pg_ctl"), args, runAs);
    if (code === 0) return;
  }
}

/** A port that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
