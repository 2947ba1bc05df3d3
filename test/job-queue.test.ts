import pg from "pg";
import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
let owner: pg.Client; // the queue belongs to that role
beforeAll(async () => {
  app = await startTestApp();
  owner = new pg.Client({ connectionString: app.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await app.close();
});

const PAYLOAD = { template: "wave", orderId: "1" };

/** The columns of a kind's jobs, but when they were made and what they are called. */
async function jobsOf(task: string) {
  const { rows } = await owner.query(
    `SELECT to_jsonb(j) - '{id,task_id,run_at,created_at,updated_at}'::text[] AS job, j.run_at <= now() AS due
     FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     WHERE t.identifier = $1 ORDER BY j.id`,
    [task],
  );
  return rows;
}

test("a job without a key is queued as the queue itself would queue it, the first of its kind and the next", async () => {
  for (const _time of ["first", "next"])
    await app.db
      .$queryRaw`SELECT enqueue_job('wave', ${JSON.stringify(PAYLOAD)}::json, NULL, NULL, 10)::text`;
  await owner.query("SELECT graphile_worker.add_job('nod', $1::json, max_attempts => 10)", [PAYLOAD]);
  const [own] = await jobsOf("nod");
  expect(own).toMatchObject({ job: { payload: PAYLOAD, max_attempts: 10, is_available: true }, due: true });
  expect(await jobsOf("wave")).toEqual([own, own]);
});

test("a job for later waits until then", async () => {
  const later = new Date("2040-01-01T00:00:00Z");
  for (const _time of ["first", "next"])
    await app.db.$queryRaw`SELECT enqueue_job('rise', ${"{}"}::json, ${later}::timestamptz, NULL, 10)::text`;
  const { rows } = await owner.query(
    "SELECT run_at FROM graphile_worker.jobs WHERE task_identifier = 'rise'",
  );
  expect(rows).toEqual([{ run_at: later }, { run_at: later }]);
});
