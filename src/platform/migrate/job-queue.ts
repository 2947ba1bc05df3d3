import { Logger, runMigrations } from "graphile-worker";
import type pg from "pg";

/**
 * Brings the job queue's schema (graphile_worker, owned by the owner role) up to date, and makes `public.enqueue_job`, through
 * which everyone else queues: the queue's tables are closed by row-level security to all but their owner.
 */
export async function migrateJobQueue(owner: pg.Pool, ownerUrl: string): Promise<void> {
  await runMigrations({
    connectionString: ownerUrl,
    maxPoolSize: 2,
    logger: new Logger(() => () => undefined),
  });
  await owner.query(ENQUEUE_JOB);
}

// PL/pgSQL binds to the queue when called, not when made: the queue's own migrations may replace add_job. A job without a key, as every mail is,
// is written as add_job would (test/job-queue.test.ts compares them), in a tenth of its time and without NOTIFY: transactions that notify commit
// one after the other, and the worker looks by itself anyway. The first of its kind goes through add_job, which makes the kind known.
const ENQUEUE_JOB = `
  CREATE OR REPLACE FUNCTION public.enqueue_job(task text, payload json, run_at timestamptz, job_key text, max_attempts int)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    IF enqueue_job.job_key IS NULL THEN
      INSERT INTO graphile_worker._private_jobs (task_id, payload, run_at, max_attempts)
      SELECT tasks.id, coalesce(enqueue_job.payload, '{}'), coalesce(enqueue_job.run_at, now()), enqueue_job.max_attempts
      FROM graphile_worker._private_tasks tasks WHERE tasks.identifier = enqueue_job.task;
      IF FOUND THEN
        RETURN;
      END IF;
    END IF;
    PERFORM graphile_worker.add_job(task, payload => enqueue_job.payload, run_at => enqueue_job.run_at,
      job_key => enqueue_job.job_key, max_attempts => enqueue_job.max_attempts);
  END $$;
  REVOKE ALL ON FUNCTION public.enqueue_job(text, json, timestamptz, text, int) FROM PUBLIC;
`;
