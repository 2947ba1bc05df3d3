import pg from "pg";
import { SECOND } from "./clock";

/** How often a worker says that it is still there. */
export const RENEW_MS = 5 * SECOND;
/** Of whom nothing was heard for so long, in seconds, his jobs are free. The queue's own limit for that is four hours. */
const LEASE_S = 20;
/** A statement that hangs gives way to the next. */
const PATIENCE_MS = 4 * SECOND;

/**
 * Leases on the jobs that workers have in hand, by the database's clock: what a killed server held is done by another soon. Who was merely
 * silent for so long (his machine stood still) may find that his job was done by another, too.
 * @param ownerUrl the queue's tables belong to the owner's role alone
 */
export function openLeases(ownerUrl: string) {
  const patience = { query_timeout: PATIENCE_MS, connectionTimeoutMillis: PATIENCE_MS };
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 1, ...patience });
  pool.on("error", () => undefined); // the next statement opens another connection
  return {
    /** Keeps `worker`'s jobs his, and frees those of the silent. */
    async renew(worker: string | null): Promise<void> {
      await pool.query("UPDATE graphile_worker._private_jobs SET locked_at = now() WHERE locked_by = $1", [
        worker,
      ]);
      await pool.query(
        `UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL
         WHERE locked_at < now() - make_interval(secs => $1)`,
        [LEASE_S],
      );
    },
    close: () => pool.end(),
  };
}
