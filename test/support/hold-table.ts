import pg from "pg";
import type { TestDatabase } from "./test-database";

/** Keeps everybody out of a table, readers too, until `release`: whatever needs it waits. */
export async function holdTable({ ownerUrl }: TestDatabase, table: string) {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${client.escapeIdentifier(table)} IN ACCESS EXCLUSIVE MODE`);
  return {
    /** How many statements wait for a lock now. */
    async waiting(): Promise<number> {
      const { rows } = await client.query<{ count: number }>(
        "SELECT count(*)::int AS count FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      );
      return rows[0]?.count ?? 0;
    },
    release: () => client.end(),
  };
}
