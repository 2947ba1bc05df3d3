import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";

export type TestDatabase = {
  /** Of the role that serves requests */
  url: string;
  /** Of the role that owns the tables */
  ownerUrl: string;
  /** Removes it, whoever is still connected */
  drop(): Promise<void>;
};

/**
 * A database of the caller's own, made in some 30 ms: a clone of the run's template, migrated and empty, or of `like`, to which nobody is
 * connected.
 */
export async function createTestDatabase(like?: TestDatabase): Promise<TestDatabase> {
  const { TEST_DATABASE_URL: url = "", TEST_DATABASE_OWNER_URL: ownerUrl = "" } = process.env;
  const template = new URL(like?.ownerUrl ?? ownerUrl).pathname.slice(1);
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await administer(ownerUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    url: withDatabase(url, name),
    ownerUrl: withDatabase(ownerUrl, name),
    drop: () => dropDatabase(ownerUrl, name),
  };
}

/** PostgreSQL's own vacuum may be in the database, and no role of ours may end it: it is gone in a moment. */
const NOT_OURS_TO_END = "42501";
const ATTEMPTS = 50;

async function dropDatabase(ownerUrl: string, name: string) {
  for (let attempt = 1; ; attempt++)
    try {
      return await administer(ownerUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    } catch (error) {
      if ((error as { code?: string }).code !== NOT_OURS_TO_END || attempt === ATTEMPTS) throw error;
      await wait(100);
    }
}

async function administer(ownerUrl: string, statement: string) {
  const client = new pg.Client({ connectionString: withDatabase(ownerUrl, "postgres") });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = database;
  return changed.href;
}
