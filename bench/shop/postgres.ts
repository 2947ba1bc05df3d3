import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { APP_ROLE, startEmbeddedPostgres } from "../../src/platform/embedded-postgres";
import { dataFolder, readSecrets } from "../../src/platform/embedded-postgres/data-folder";
import { findRunAs } from "../../src/platform/embedded-postgres/run-as";
import { reachableTemp } from "../../src/platform/embedded-postgres/temp-folder";
import { migrate } from "../../src/platform/migrate";
import { warmDatabase } from "./warm-database";

export type BenchDatabase = {
  url: string;
  ownerUrl: string;
  /** See warmDatabase */
  warm(): Promise<void>;
  drop(): Promise<void>;
};
export type Postgres = {
  version: string;
  /** PostgreSQL's own memory for pages, as it tells it, e.g. 256MB */
  sharedBuffers: string;
  /** An empty, migrated database of this name, in place of one that is there */
  createDatabase(name: string): Promise<BenchDatabase>;
  /** The database of this name that an earlier run left, migrated; null when there is none */
  findDatabase(name: string): Promise<BenchDatabase | null>;
  /** A copy of a database that nobody is connected to, in place of one that is there */
  copyDatabase(from: string, name: string): Promise<BenchDatabase>;
  /** Writes all that is still to be written to the disk. */
  checkpoint(): Promise<void>;
  /** Of a database that nobody is connected to */
  renameDatabase(from: string, name: string): Promise<void>;
  stop(): Promise<void>;
};
export type Place = {
  /** The address, of a superuser, of a PostgreSQL that runs already; without it one is started from the embedded programs */
  url?: string;
  /** Where the embedded one keeps its data for the next run; without it, in a temporary folder that goes at the end */
  dataDir?: string;
  /** The embedded one's own memory for pages; without it what a shop's embedded one has */
  sharedBuffersMb?: number;
};

/** The PostgreSQL that measurements are made on, with the settings that the shop's embedded one has. */
export async function openPostgres({ url, dataDir, sharedBuffersMb }: Place): Promise<Postgres> {
  const folder = url ? null : await openFolder(dataDir);
  const settings: Record<string, string> = sharedBuffersMb ? { shared_buffers: `${sharedBuffersMb}MB` } : {};
  const embedded = folder && (await startEmbeddedPostgres({ dataDir: folder.path, settings }));
  const ownerUrl = embedded?.ownerUrl ?? url ?? "";
  const serving = embedded?.url ?? url ?? "";
  const appRole = embedded ? { appRole: APP_ROLE } : {};
  const superuserUrl = embedded ? superuserOf(ownerUrl, folder.path) : ownerUrl;
  const show = async (setting: string) =>
    String((await administer(ownerUrl, `SHOW ${setting}`))[0]?.[setting]);
  const refer = (name: string): BenchDatabase => ({
    url: withDatabase(serving, name),
    ownerUrl: withDatabase(ownerUrl, name),
    warm: () => warmDatabase(withDatabase(superuserUrl, name)),
    drop: () => dropDatabase(ownerUrl, name),
  });
  const migrated = async (name: string) => {
    const database = refer(name);
    await migrate(database.ownerUrl, appRole);
    return database;
  };
  return {
    version: await show("server_version"),
    sharedBuffers: await show("shared_buffers"),
    async createDatabase(name) {
      await dropDatabase(ownerUrl, name);
      await administer(ownerUrl, `CREATE DATABASE ${name}`);
      return migrated(name);
    },
    async findDatabase(name) {
      const found = await administer(ownerUrl, `SELECT FROM pg_database WHERE datname = '${name}'`);
      return found.length > 0 ? migrated(name) : null;
    },
    async copyDatabase(from, name) {
      await dropDatabase(ownerUrl, name);
      await administer(ownerUrl, `CREATE DATABASE ${name} TEMPLATE ${from} STRATEGY file_copy`);
      return refer(name);
    },
    async checkpoint() {
      await administer(superuserUrl, "CHECKPOINT");
    },
    async renameDatabase(from, name) {
      await administer(ownerUrl, `ALTER DATABASE ${from} RENAME TO ${name}`);
    },
    async stop() {
      await embedded?.stop();
      folder?.remove();
    },
  };
}

async function openFolder(kept: string | undefined) {
  if (kept) {
    mkdirSync(kept, { recursive: true });
    return { path: resolve(kept), remove: () => undefined };
  }
  const path = mkdtempSync(join(await reachableTemp(await findRunAs()), "tillgraph-bench-"));
  chmodSync(path, 0o755); // under root, the database's user has to enter it
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** PostgreSQL's own vacuum may be in the database, and no role of ours may end it: it is gone in a moment. */
const NOT_OURS_TO_END = "42501";
const ATTEMPTS = 50;

async function dropDatabase(ownerUrl: string, name: string) {
  for (let attempt = 1; ; attempt++)
    try {
      await administer(ownerUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== NOT_OURS_TO_END || attempt === ATTEMPTS) throw error;
      await wait(200);
    }
}

async function administer(ownerUrl: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: withDatabase(ownerUrl, "postgres") });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

function superuserOf(ownerUrl: string, dataDir: string): string {
  const changed = new URL(ownerUrl);
  changed.username = "postgres";
  changed.password = readSecrets(dataFolder(dataDir)).superuserPassword;
  return changed.href;
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = database;
  return changed.href;
}
