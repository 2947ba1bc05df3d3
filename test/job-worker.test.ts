import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { startWorker } from "../src/platform/job-worker";
import { createLog } from "../src/platform/log";
import { startTestApp, type TestApp } from "./support/app";
import { countStatements } from "./support/count-statements";

const log = createLog(process.env.TEST_LOG_LEVEL ?? "silent");
/** Jobs that a worker has in hand at once. */
const AT_ONCE = 5;

let app: TestApp;
let owner: pg.Client; // the queue belongs to that role
beforeEach(async () => {
  app = await startTestApp();
  owner = new pg.Client({ connectionString: app.database.ownerUrl });
  await owner.connect();
});
afterEach(async () => {
  await owner.end();
  await app.close();
});

const enqueue = (task: string, count = 1) =>
  app.db.$queryRaw`SELECT enqueue_job(${task}, json_build_object('n', n::text), NULL, NULL, 2)::text
    FROM generate_series(1, ${count}::int) n`;

async function jobs() {
  const { rows } = await owner.query(
    `SELECT attempts, last_error, locked_by, locked_at::text, is_available, extract(epoch FROM run_at - now())::float AS due_in
     FROM graphile_worker._private_jobs ORDER BY id`,
  );
  return rows;
}

async function until(fulfilled: () => boolean | Promise<boolean>) {
  while (!(await fulfilled())) await wait(10);
}

test("jobs are taken several at a time, each is done once, and a lone one waits for no other", async () => {
  const done: string[] = [];
  const worker = startWorker(log, app.database.ownerUrl, {
    wave: async ({ n = "" }) => void done.push(n),
  });
  const count = 20 * AT_ONCE;
  const statements = await countStatements(async () => {
    await enqueue("wave", count);
    await until(async () => done.length >= count && (await jobs()).length === 0);
  }, /LIMIT \$4 FOR UPDATE SKIP LOCKED/);
  expect(new Set(done).size).toBe(count);
  expect(done).toHaveLength(count);
  expect(statements).toBeLessThan(count / 2);

  await enqueue("wave");
  await until(() => done.length > count);
  await worker.stop();
});

test("who has many slow jobs takes no more than he can begin", async () => {
  let letGo = () => {};
  const held = new Promise<void>((go) => {
    letGo = go;
  });
  const worker = startWorker(log, app.database.ownerUrl, { wave: () => held });
  await enqueue("wave", 3 * AT_ONCE);
  await until(() => worker.own().length === AT_ONCE);
  await wait(500);
  expect((await jobs()).filter(({ locked_by }) => locked_by)).toHaveLength(AT_ONCE);
  const stopped = worker.stop();
  letGo();
  await stopped;
  expect(await jobs()).toHaveLength(2 * AT_ONCE);
  expect((await jobs()).filter(({ locked_by, attempts }) => locked_by || attempts > 0)).toEqual([]);
});

test("a job that fails is tried again later and later, as often as it may be; its neighbours are done", async () => {
  const worker = startWorker(log, app.database.ownerUrl, {
    wave: async ({ n }) => {
      if (n === "2") throw new Error("no\0body");
    },
  });
  await enqueue("wave", 3);
  const failed = async (attempts: number) => {
    // What failed and what is done is told by two statements: its neighbours are off the queue a moment later.
    await until(async () => {
      const all = await jobs();
      return all.length === 1 && all.every((job) => job.attempts === attempts && !job.locked_by);
    });
    return jobs();
  };
  const first = await failed(1);
  expect(first).toMatchObject([{ last_error: "nobody", locked_at: null, is_available: true }]);
  expect(first[0].due_in).toBeGreaterThan(1);
  expect(first[0].due_in).toBeLessThan(Math.E + 0.5);
  const second = await failed(2);
  expect(second).toMatchObject([{ last_error: "nobody", is_available: false }]);
  expect(second[0].due_in).toBeGreaterThan(5);
  await worker.stop();
});

test("a job that another has taken meanwhile stays his", async () => {
  let letGo = () => {};
  const held = new Promise<void>((go) => {
    letGo = go;
  });
  const worker = startWorker(log, app.database.ownerUrl, { wave: () => held });
  await enqueue("wave", 2);
  await until(() => worker.own().length === 2);
  await owner.query(
    "UPDATE graphile_worker._private_jobs SET locked_by = 'another' WHERE payload ->> 'n' = '1'",
  );
  letGo();
  await worker.stop();
  expect(await jobs()).toMatchObject([{ locked_by: "another" }]);
});

test("what ended while the queue could not be asked is said when it can be, not done again", async () => {
  let letGo = () => {};
  const held = new Promise<void>((go) => {
    letGo = go;
  });
  let times = 0;
  const worker = startWorker(log, app.database.ownerUrl, {
    wave: () => {
      times++;
      return held;
    },
  });
  await enqueue("wave", AT_ONCE);
  await until(() => worker.own().length === AT_ONCE);
  await owner.query("ALTER TABLE graphile_worker._private_jobs RENAME TO away");
  letGo();
  await wait(500);
  expect(worker.own()).toHaveLength(AT_ONCE); // their leases are renewed until it is said
  await owner.query("ALTER TABLE graphile_worker.away RENAME TO _private_jobs");
  await until(async () => (await jobs()).length === 0);
  expect(times).toBe(AT_ONCE);
  await worker.stop();
});

test("a worker that stops tells at once what is done, though a job of minutes is still in hand", async () => {
  let letGo = () => {};
  const held = new Promise<void>((go) => {
    letGo = go;
  });
  let quick = 0;
  const worker = startWorker(log, app.database.ownerUrl, {
    slow: () => held,
    quick: async () => void quick++,
  });
  await enqueue("slow");
  await until(() => worker.own().length === 1);
  await enqueue("quick", 3);
  await until(() => quick === 3);
  const stopped = worker.stop();
  await until(async () => (await jobs()).length === 1);
  expect(worker.own()).toHaveLength(1);
  letGo();
  await stopped;
  expect(await jobs()).toEqual([]);
});

test("a job that gives up because its worker stops is free at once, and that was no attempt", async () => {
  const worker = startWorker(log, app.database.ownerUrl, {
    long: (_, { stopping }) =>
      new Promise((_done, fail) => stopping.addEventListener("abort", () => fail(stopping.reason))),
    fails: (_, { stopping }) =>
      new Promise((_done, fail) => stopping.addEventListener("abort", () => fail(new Error("no")))),
  });
  await enqueue("long");
  await enqueue("fails");
  await until(() => worker.own().length === 2);
  await worker.stop();
  const [long, fails] = await jobs();
  expect(long).toMatchObject({ attempts: 0, last_error: null, locked_by: null, is_available: true });
  expect(long.due_in).toBeLessThan(0);
  expect(fails).toMatchObject({ attempts: 1, last_error: "no", locked_by: null });
});

test("whatever a job throws, the worker goes on", async () => {
  const done: string[] = [];
  const worker = startWorker(log, app.database.ownerUrl, {
    odd: () => Promise.reject(null),
    wave: async ({ n = "" }) => void done.push(n),
  });
  await enqueue("odd");
  await until(async () => (await jobs())[0]?.last_error === "null");
  await enqueue("wave");
  await until(() => done.length === 1);
  await worker.stop();
});
