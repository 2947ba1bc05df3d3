import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { StartError } from "../start-error";

/** Who PostgreSQL runs as: nobody else when empty. It refuses to run as root, so root lends it the user postgres. */
export type RunAs = { uid?: number; gid?: number };
export type Ran = { code: number; output: string };

// Nothing of the caller's environment (PGDATA, PGPORT, LD_LIBRARY_PATH …) may change what the binaries do.
// Freed memory is kept (up to 16 MB a process, by glibc): a search beside a million products was given a thousand pages anew, each zeroed by the kernel first.
const ENVIRONMENT = {
  PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  MALLOC_TRIM_THRESHOLD_: "16777216",
  MALLOC_MMAP_THRESHOLD_: "16777216",
};

/** Runs a program to its end, from the root folder: the caller's may be closed to `runAs`. A program that cannot run has code -1. */
export function run(file: string, args: string[], runAs: RunAs = {}): Promise<Ran> {
  const environment = process.platform === "win32" ? {} : { env: ENVIRONMENT, cwd: "/" };
  const child = spawn(file, args, {
    ...environment,
    ...runAs,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: -1, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? -1, output: output.trim() }));
  });
}

/** Who the cluster in `clusterDir` belongs to; for one that doesn't exist yet, who it shall belong to. */
export async function findRunAs(clusterDir?: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {};
  const owner = clusterDir && statSync(clusterDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await postgresUser()) ?? (await createPostgresUser());
}

async function postgresUser(): Promise<RunAs | null> {
  const [uid, gid] = await Promise.all([run("id", ["-u", "postgres"]), run("id", ["-g", "postgres"])]);
  return uid.code === 0 && gid.code === 0 ? { uid: Number(uid.output), gid: Number(gid.output) } : null;
}

async function createPostgresUser(): Promise<RunAs> {
  const made = await run("useradd", [
    "--system",
    "--user-group",
    "--no-create-home",
    "--shell",
    "/usr/sbin/nologin",
    "postgres",
  ]);
  const user = await postgresUser(); // also when another process made it at the same moment
  if (user) return user;
  throw new StartError(
    `PostgreSQL does not run as root, and a user postgres could not be made (${made.output}): start as an ordinary user or set DATABASE_URL.`,
  );
}
