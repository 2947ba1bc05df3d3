import type pg from "pg";

/** Any number, as long as it stays: "tillgrap" in ASCII. */
const MIGRATION_LOCK = "8388356982186733936";
/** How long a second server waits for the first one's migrations. */
const WAIT_MS = 300_000;

/** Runs `work` while no other process migrates this database or changes rights in it. */
export async function withLock<Result>(owner: pg.Pool, work: () => Promise<Result>): Promise<Result> {
  const client = await owner.connect();
  try {
    await client.query(`SET lock_timeout = ${WAIT_MS}`);
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    return await work();
  } finally {
    client.release(true); // closing the connection gives the lock back, whatever happened
  }
}
