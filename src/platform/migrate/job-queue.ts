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

// PL/pgSQL binds to the queue when called, not when made: the queue's own migrations may replace add_job.
const ENQUEUE_JOB = `
  CREATE OR REPLACE FUNCTION public.enqueue_job(task text, payload json, run_at timestamptz, job_key text, max_attempts int)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    PERFORM graphile_worker.add_job(task, payload => enqueue_job.payload, run_at => enqueue_job.run_at,
      job_key => enqueue_job.job_key, max_attempts => enqueue_job.max_attempts);
  END $$;
  REVOKE ALL ON FUNCTION public.enqueue_job(text, json, timestamptz, text, int) FROM PUBLIC;
`;
