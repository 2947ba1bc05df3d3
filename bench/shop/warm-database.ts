import pg from "pg";

/** The largest first: what is small, and asked for most, stays in PostgreSQL's memory when not all of it fits. */
const READ_ALL = `
SELECT sum(pg_prewarm(oid::regclass)) FROM (SELECT oid FROM pg_class WHERE relkind IN ('r', 'i', 't') ORDER BY relpages DESC) relations`;

/**
 * Reads every table and index of a database once, so that it is in memory, PostgreSQL's or the system's, like that of a shop that has been open
 * for some hours. `url` is a superuser's: the extension that reads files as they lie on the disk is his to install.
 */
export async function warmDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("CREATE EXTENSION IF NOT EXISTS pg_prewarm");
    await client.query(READ_ALL);
  } finally {
    await client.end();
  }
}
