import pg from "pg";
import { SECOND } from "./clock";

/** A statement that hangs gives way to the next. */
const PATIENCE_MS = 4 * SECOND;

/**
 * One connection for the queue's own statements. PostgreSQL ends a statement that hangs before we give it up: one whose client is gone would keep
 * its connection, and what it takes in the end nobody would hear of.
 * @param ownerUrl the queue's tables belong to the owner's role alone
 */
export function openQueuePool(ownerUrl: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: ownerUrl,
    max: 1,
    connectionTimeoutMillis: PATIENCE_MS,
    statement_timeout: PATIENCE_MS,
    query_timeout: PATIENCE_MS + SECOND,
  });
  pool.on("error", () => undefined); // the next statement opens another connection
  return pool;
}
