import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { findRunAs, run } from "../../src/platform/embedded-postgres/run-as";
import { freePort } from "../../src/platform/embedded-postgres/server-process";
import { temporaryFolder } from "./server-process";

const NEEDED = ["initdb", "pg_ctl", "pg_basebackup"];
const DEBIANS = "/usr/lib/postgresql";

/** The folder of PostgreSQL's own programs where it is installed whole, else null. The embedded one cannot copy a server. */
export function findPostgresPrograms(): string | null {
  const debians = existsSync(DEBIANS)
    ? readdirSync(DEBIANS).map((version) => join(DEBIANS, version, "bin"))
    : [];
  const candidates = [configured(), ...debians.reverse()];
  return (
    candidates.find((folder) => folder && NEEDED.every((name) => existsSync(join(folder, name)))) ?? null
  );
}

function configured(): string | null {
  try {
    return execFileSync("pg_config", ["--bindir"], { encoding: "utf8" }).trim();
  } catch {
    return null;
  }
}

/** Nothing here has to survive a power cut. */
const FORGETFUL = [
  "fsync = off",
  "full_page_writes = off",
  "shared_buffers = '64MB'",
  "max_connections = 100",
];

/** A primary and a streaming replica of it, made for one test file by PostgreSQL's own programs in `programs`. */
export async function startReplicatedPostgres(programs: string) {
  const folder = await temporaryFolder();
  const runAs = await findRunAs();
  const at = (name: string) => join(folder.path, name);
  const server = async (name: string) => {
    const port = await freePort();
    const control = (...args: string[]) => call("pg_ctl", "--pgdata", at(name), "--wait", ...args);
    return {
      port,
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      start: () =>
        control("start", "--log", at(`${name}.log`), "--options", `-p ${port} -c unix_socket_directories=`),
      stop: () => control("stop", "--mode", "immediate"),
    };
  };
  async function call(program: string, ...args: string[]) {
    const { code, output } = await run(join(programs, program), args, runAs);
    if (code !== 0) throw new Error(`${program}: ${output}`);
  }

  for (const name of ["primary", "replica"]) {
    mkdirSync(at(name));
    chmodSync(at(name), 0o700);
    if (runAs.uid !== undefined) chownSync(at(name), runAs.uid, runAs.gid ?? runAs.uid);
  }
  if (runAs.uid !== undefined) chownSync(folder.path, runAs.uid, runAs.gid ?? runAs.uid); // the servers' logs
  const [primary, replica] = [await server("primary"), await server("replica")];
  await call(
    "initdb",
    "--pgdata",
    at("primary"),
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
  );
  writeFileSync(join(at("primary"), "postgresql.auto.conf"), `${FORGETFUL.join("\n")}\n`);
  await primary.start();
  await call(
    "pg_basebackup",
    "--pgdata",
    at("replica"),
    "--dbname",
    primary.url,
    "--write-recovery-conf",
    "--checkpoint=fast",
  );
  await replica.start();
  return {
    primary,
    replica,
    async stop() {
      for (const one of [replica, primary]) await one.stop().catch(() => undefined); // a test may have stopped it already
      folder.remove();
    },
  };
}

/** Runs one statement on a server by itself. */
export async function runOn<Row extends pg.QueryResultRow>(url: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
