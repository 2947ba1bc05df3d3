import type pg from "pg";

/**
 * Ends a migration's script: the mark that it is applied commits with it. Without it a process that is killed between the two leaves
 * a migration that nobody can tell to be applied or not, and no server would start any more.
 */
export const MARK_APPLIED = `
;UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1
WHERE finished_at IS NULL AND rolled_back_at IS NULL`;

/**
 * Clears the way for migrations that were begun and left no mark, because they failed or their process was killed: nothing of them
 * stayed, so they may be tried again. Only for who holds the migration lock.
 */
export async function forgetUnfinished(owner: pg.Pool): Promise<void> {
  const { rows } = await owner.query<{ known: boolean }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS known",
  );
  if (!rows[0]?.known) return;
  await owner.query(`UPDATE _prisma_migrations SET rolled_back_at = clock_timestamp()
    WHERE finished_at IS NULL AND rolled_back_at IS NULL`);
}
