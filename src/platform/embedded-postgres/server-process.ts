import { renameSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { StartError } from "../start-error";
import { type Cluster, lastLine, readText } from "./cluster";
import { writePrivate } from "./data-folder";
import { program } from "./native-folder";
import { findPostmaster } from "./postmaster";
import { run } from "./run-as";

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
const START_LIMIT_S = 60;
const ATTEMPTS = 10;

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
    setAside(log);
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

/** The log of the start before is kept. There is none at the first start, nor when a server that starts the same cluster at this moment was quicker. */
function setAside(log: string) {
  try {
    renameSync(log, `${log}.1`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
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
