import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import pg from "pg";
import { MARK_APPLIED } from "./atomic";

/** A migration that waits longer for a table than this gives up, rather than making every request queue behind it. */
const LOCK_LIMIT_MS = 15_000;
/** PostgreSQL's internal type "char", which its catalogues use, and the nearest type that the adapter knows. */
const CHAR_OID = 18;
const TEXT_OID = 25;
/** Marks the columns that were "char"; no column name can hold it. */
const CHAR_MARK = "\0char";

/**
 * Connects the schema engine to `url`, and to shadow databases beside it that exist for the time of one comparison. The engine
 * leaves its connections open: `close` ends them.
 */
export function adapterFactory(
  url: string,
): SqlMigrationAwareDriverAdapterFactory & { close(): Promise<void> } {
  const opened: SqlDriverAdapter[] = [];
  const keep = async (connecting: Promise<SqlDriverAdapter>) => {
    const adapter = await connecting;
    opened.push(adapter);
    return adapter;
  };
  return {
    provider: "postgres",
    adapterName: "@prisma/adapter-pg",
    connect: () => keep(connect(url, MARK_APPLIED)),
    connectToShadowDb: () => keep(connectToShadow(url)),
    async close() {
      for (const adapter of opened) await adapter.dispose();
    },
  };
}

/** `ending` closes every script that is run. */
async function connect(url: string, ending = ""): Promise<SqlDriverAdapter> {
  const pool = new pg.Pool({ connectionString: url, lock_timeout: LOCK_LIMIT_MS });
  relabelCharColumns(pool);
  const adapter = await new PrismaPg(pool).connect();
  const { queryRaw, executeRaw } = {
    queryRaw: adapter.queryRaw.bind(adapter),
    executeRaw: adapter.executeRaw.bind(adapter),
  };
  return Object.assign(adapter, {
    async queryRaw(query: Parameters<typeof queryRaw>[0]) {
      const result = await queryRaw(query);
      const columnTypes = result.columnTypes.map((type, index) =>
        result.columnNames[index]?.endsWith(CHAR_MARK) ? ColumnTypeEnum.Character : type,
      );
      return {
        ...result,
        columnTypes,
        columnNames: result.columnNames.map((name) => name.replace(CHAR_MARK, "")),
      };
    },
    // The adapter's own splits at every semicolon, also those inside functions. Sent whole, a script is one transaction besides.
    async executeScript(script: string) {
      await executeRaw({ sql: script + ending, args: [], argTypes: [] });
    },
    dispose: async () => (pool.ending ? undefined : pool.end()),
  });
}

/** The adapter refuses columns of type "char", which the engine asks for: they pass as text, marked for `queryRaw` above. */
function relabelCharColumns(pool: pg.Pool) {
  const query = pool.query.bind(pool) as (config: pg.QueryArrayConfig) => Promise<pg.QueryArrayResult>;
  Object.assign(pool, {
    async query(config: pg.QueryArrayConfig) {
      const result = await query(config);
      for (const field of result.fields ?? []) {
        if (field.dataTypeID !== CHAR_OID) continue;
        field.dataTypeID = TEXT_OID;
        field.name += CHAR_MARK;
      }
      return result;
    },
  });
}

async function connectToShadow(url: string): Promise<SqlDriverAdapter> {
  const name = `tillgraph_shadow_${randomUUID().replaceAll("-", "")}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  const shadow = new URL(url);
  shadow.pathname = name;
  const adapter = await connect(shadow.href);
  const leave = adapter.dispose.bind(adapter);
  let left = false;
  return Object.assign(adapter, {
    // The pool has to end first: a database cannot be dropped while somebody is in it.
    async dispose() {
      if (left) return;
      left = true;
      await leave();
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.end();
    },
  });
}
