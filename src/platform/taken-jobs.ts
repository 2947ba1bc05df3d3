import { openQueuePool } from "./queue-pool";

/** A job that is a worker's own, tried for the `attempts`th time. */
export type TakenJob = {
  id: string;
  task: string;
  payload: Record<string, string>;
  attempts: number;
  max_attempts: number;
};
/** How a job ended: one that gave up because its worker stops is begun again, as if it had not been tried. */
export type EndedJob = { id: string } & ({ end: "done" | "gaveUp" } | { end: "failed"; error: string });

/**
 * What is said of jobs that ended is said of the worker's own alone: who was silent for long may have lost them to another. enqueue_job gives no
 * job a queue of its own. It waits for no disk: what a crash of PostgreSQL makes it forget is done again, as after any crash.
 */
const EXCHANGE = `
  WITH done AS (DELETE FROM graphile_worker._private_jobs WHERE id = ANY($1::bigint[]) AND locked_by = $2), due AS (
    SELECT id FROM graphile_worker._private_jobs
    WHERE is_available = true AND run_at <= now()
      AND task_id = ANY(ARRAY(SELECT id FROM graphile_worker._private_tasks WHERE identifier = ANY($3::text[])))
    ORDER BY priority, run_at LIMIT $4 FOR UPDATE SKIP LOCKED)
  UPDATE graphile_worker._private_jobs jobs SET attempts = jobs.attempts + 1, locked_by = $2, locked_at = now()
  FROM due WHERE jobs.id = due.id AND (SELECT set_config('synchronous_commit', 'off', true)) = 'off'
  RETURNING jobs.id, payload, attempts, max_attempts,
    (SELECT identifier FROM graphile_worker._private_tasks WHERE id = task_id) AS task`;

/** Later and later, as the queue's own worker has it: e seconds after the first attempt, six hours after the tenth. */
const FAIL = `
  UPDATE graphile_worker._private_jobs SET last_error = failed.error, locked_by = NULL, locked_at = NULL,
    run_at = greatest(now(), run_at) + exp(least(attempts, 10)) * interval '1 second'
  FROM unnest($1::bigint[], $2::text[]) AS failed (id, error) WHERE _private_jobs.id = failed.id AND locked_by = $3`;

/** Whoever stays takes it at once; however often servers are stopped, it is still tried as often as it may be. */
const GIVE_BACK = `
  UPDATE graphile_worker._private_jobs SET attempts = attempts - 1, locked_by = NULL, locked_at = NULL
  WHERE id = ANY($1::bigint[]) AND locked_by = $2`;

/**
 * The queue as one worker sees it. Jobs are taken several at a time, by the statement that takes those that are done off the queue: taken and
 * taken off one by one, each cost as much as ten together.
 * @param ownerUrl the queue's tables belong to the owner's role alone
 * @param worker what the worker's jobs are locked by
 * @param tasks the kinds of jobs that it can do
 */
export function openQueue(ownerUrl: string, worker: string, tasks: string[]) {
  const pool = openQueuePool(ownerUrl);
  return {
    /** Says how jobs ended, and takes up to `room` that are due. When it throws it may have happened: saying it again does no harm. */
    async exchange(ended: readonly EndedJob[], room: number): Promise<TakenJob[]> {
      const idsOf = (end: EndedJob["end"]) => ended.filter((one) => one.end === end).map(({ id }) => id);
      const errors = ended.flatMap((one) => (one.end === "failed" ? [one.error] : []));
      if (errors.length > 0) await pool.query(FAIL, [idsOf("failed"), errors, worker]);
      const givenBack = idsOf("gaveUp");
      if (givenBack.length > 0) await pool.query(GIVE_BACK, [givenBack, worker]);
      const values = [idsOf("done"), worker, tasks, room];
      const { rows } = await pool.query<TakenJob>({ name: "exchange_jobs", text: EXCHANGE, values });
      return rows;
    },
    close: () => pool.end(),
  };
}
