import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { StartError } from "../start-error";
import { type RunAs, run } from "./run-as";

/** What lies in DATA_DIR. */
export type DataFolder = { path: string; cluster: string; secrets: string; connection: string };

/** Passwords of the database's roles and the secrets that a development server needs: made once, kept in secrets.json. */
export type Secrets = {
  superuserPassword: string;
  ownerPassword: string;
  appPassword: string;
  server: Record<string, string>;
};

export function dataFolder(dataDir: string): DataFolder {
  const path = resolve(dataDir);
  const at = (name: string) => join(path, name);
  return { path, cluster: at("postgres"), secrets: at("secrets.json"), connection: at("connection.json") };
}

/** Creates DATA_DIR where needed. Its database's user has to be able to enter it, so under root it is not closed. */
export function createDataFolder({ path }: DataFolder) {
  try {
    const root = process.getuid?.() === 0;
    const created = mkdirSync(path, { recursive: true, mode: root ? 0o755 : 0o700 });
    if (created && root) chmodSync(path, 0o755); // whatever the umask is
    const probe = join(path, `.write-${process.pid}-${randomBytes(4).toString("hex")}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new StartError(`DATA_DIR ${path} cannot be used: ${(error as Error).message}.`);
  }
}

/** Refuses a DATA_DIR that the database's user cannot get to, naming the folder in the way. */
export async function checkReachable({ path }: DataFolder, runAs: RunAs) {
  const closed = await closedFolder(path, runAs);
  if (closed === null) return;
  throw new StartError(
    `DATA_DIR ${path} cannot be used: PostgreSQL does not run as root, and its user postgres may not enter ${closed}. ` +
      "Choose another DATA_DIR, such as /var/lib/tillgraph, or start as an ordinary user.",
  );
}

/** The first folder on the way to `path`, itself included, that `runAs` may not enter; null when the way is free. */
export async function closedFolder(path: string, runAs: RunAs): Promise<string | null> {
  if (runAs.uid === undefined) return null;
  const search = 'for folder do [ -x "$folder" ] || { printf %s "$folder"; exit 1; }; done';
  const { code, output } = await run("/bin/sh", ["-c", search, "sh", ...wayTo(path)], runAs);
  return code === 0 ? null : output;
}

const wayTo = (path: string): string[] => (dirname(path) === path ? [path] : [...wayTo(dirname(path)), path]);

/** Reads secrets.json, made now when it isn't there; of two processes that make it at once, one wins and both read the same. */
export function readSecrets(folder: DataFolder): Secrets {
  const draft = `${folder.secrets}.${process.pid}`;
  try {
    writePrivate(draft, `${JSON.stringify(makeSecrets(), null, 2)}\n`);
    linkSync(draft, folder.secrets);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST")
      throw new StartError(`${folder.secrets}: ${(error as Error).message}.`);
  } finally {
    rmSync(draft, { force: true });
  }
  try {
    return JSON.parse(readFileSync(folder.secrets, "utf8")) as Secrets;
  } catch (error) {
    throw new StartError(`${folder.secrets} cannot be read: ${(error as Error).message}.`);
  }
}

function makeSecrets(): Secrets {
  const password = () => randomBytes(24).toString("base64url");
  return {
    superuserPassword: password(),
    ownerPassword: password(),
    appPassword: password(),
    server: { MASTER_KEY: randomBytes(32).toString("base64"), TOKEN_SECRET: randomBytes(32).toString("hex") },
  };
}

/** Writes a file that only `owner` (else we) can read, in one step: a reader never sees half of it. */
export function writePrivate(file: string, text: string, owner: RunAs = {}) {
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  writeFileSync(draft, text, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(draft, owner.uid, owner.gid);
  renameSync(draft, file);
}
