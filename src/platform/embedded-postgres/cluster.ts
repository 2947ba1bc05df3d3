import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "../start-error";
import { type DataFolder, writePrivate } from "./data-folder";
import { postgresMajor, program } from "./native-folder";
import { isAlive } from "./postmaster";
import { type RunAs, run } from "./run-as";

/** One PostgreSQL data folder, who runs it, with what programs and settings. */
export type Cluster = {
  folder: DataFolder;
  runAs: RunAs;
  native: string;
  settings: Record<string, string | number>;
};

const LOCALE = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];

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
    if (pid && (Number(pid) === process.pid || !isAlive(Number(pid))))
      rmSync(join(path, name), { recursive: true, force: true });
  }
}

function renameUnlessThere(draft: string, path: string) {
  try {
    renameSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

export const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";

export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
