import { readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A running PostgreSQL server process, as its own lock file describes it. `port` is null while it hasn't opened one. */
export type Postmaster = { pid: number; port: number | null };

/**
 * Who serves the cluster now, or null. PostgreSQL's lock file outlives a power cut and kill -9; one that names a process which isn't
 * this cluster's (its number was given to another meanwhile) is removed, because PostgreSQL itself would believe it.
 */
export function findPostmaster(cluster: string): Postmaster | null {
  const file = join(cluster, "postmaster.pid");
  const [pid, , , port] = readLines(file).map(Number);
  if (!pid) return null;
  if (!isAlive(pid)) return null;
  if (servesFrom(pid, cluster)) return { pid, port: port || null };
  rmSync(file, { force: true });
  return null;
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** PostgreSQL works inside its data folder. Where the system doesn't tell a process's folder, the lock file is believed. */
function servesFrom(pid: number, cluster: string): boolean {
  if (process.platform !== "linux") return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    return false; // gone meanwhile, or somebody else's process
  }
}
