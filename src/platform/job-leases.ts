import { SECOND } from "./clock";
import { openQueuePool } from "./queue-pool";

/** A job that is a worker's own. */
export type HeldJob = { id: string; worker: string };

/** How often a worker says what it still has in hand. */
export const RENEW_MS = 5 * SECOND;
/** Of whom nothing was heard for so long, in seconds, his jobs are free. The queue's own limit for that is four hours. */
const LEASE_S = 20;

/**
 * Leases on the jobs that workers have in hand, by the database's clock: what a killed server held is done by another soon. Who was merely
 * silent for so long (his machine stood still) may find that his job was done by another, too.
 * @param ownerUrl the queue's tables belong to the owner's role alone
 */
export function openLeases(ownerUrl: string) {
  const pool = openQueuePool(ownerUrl);
  return {
    /**
     * Keeps the jobs that are a worker's `own`, and frees those of the silent. What is locked for a worker that does not know of it is nobody's:
     * the database went away while it gave it.
     */
    async renew(own: HeldJob[]): Promise<void> {
      await pool.query(
        `UPDATE graphile_worker._private_jobs SET locked_at = now()
         FROM unnest($1::bigint[], $2::text[]) AS own (id, worker)
         WHERE _private_jobs.id = own.id AND locked_by = own.worker`,
        [own.map(({ id }) => id), own.map(({ worker }) => worker)],
      );
      await pool.query(
        `UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL
         WHERE locked_at < now() - make_interval(secs => $1)`,
        [LEASE_S],
      );
    },
    close: () => pool.end(),
  };
}
