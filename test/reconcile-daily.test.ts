import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import pino from "pino";
import { DAY, HOUR, MINUTE } from "../src/platform/clock";
import { transact } from "../src/platform/database";
import { newId } from "../src/platform/ids";
import { enqueue } from "../src/platform/outbox";
import { reconciliationSweep } from "../src/settlement/reconcile/daily-reconciliation";
import { startTestApp, type TestApp } from "./support/app";
import { movableClock } from "./support/clock";
import { scriptedProvider } from "./support/scripted-provider";

const clock = movableClock();
const script = scriptedProvider(clock);
const logged: { level: number; msg: string }[] = [];
const log = pino({ level: "info" }, { write: (line: string) => void logged.push(JSON.parse(line)) });
let app: TestApp;
let owner: pg.Client;
beforeAll(async () => {
  app = await startTestApp({}, { clock, log, providers: [script.provider] });
  owner = new pg.Client({ connectionString: app.database.ownerUrl });
  await owner.connect();
  await app.app.startBackground();
});
afterAll(async () => {
  await owner.end();
  await app.close();
});

const planned = async () => {
  const { rows } = await owner.query<{ run_at: Date }>(
    "SELECT run_at FROM graphile_worker.jobs WHERE task_identifier = 'reconcile' ORDER BY run_at",
  );
  return rows.map(({ run_at }) => run_at.toISOString());
};
const plan = () => reconciliationSweep.run(app.platform, new AbortController().signal);

const compared = async () => {
  while (!logged.some(({ msg }) => msg === "the books were compared with the providers'")) await wait(20);
};

test("the books are compared once a day, in the small hours, however often it is planned", async () => {
  clock.advance(DAY - (clock.now().getTime() % DAY) + HOUR); // one o'clock
  const today = new Date(clock.now().getTime() + 2 * HOUR).toISOString().slice(0, 10);
  await Promise.all([plan(), plan(), plan()]);
  expect(await planned()).toEqual([expect.stringMatching(`^${today}T03:00:00`)]);
  clock.advance(90 * MINUTE);
  await plan();
  expect((await planned())[0]).toMatch(new RegExp(`^${today}T03:00:00`));
  clock.advance(HOUR);
  const tomorrow = new Date(clock.now().getTime() + DAY).toISOString().slice(0, 10);
  await plan();
  expect(await planned()).toEqual([
    expect.stringMatching(`^${today}T03:00:00`), // nobody has done it: the database's clock says today
    expect.stringMatching(`^${tomorrow}T03:00:00`),
  ]);
});

test("what is planned next leaves alone what is being done, and what waits to be tried again", async () => {
  await owner.query("DELETE FROM graphile_worker._private_jobs");
  clock.advance(DAY);
  await plan();
  clock.advance(DAY);
  const change = (to: string) =>
    owner.query(`UPDATE graphile_worker._private_jobs SET ${to} WHERE id = (
      SELECT min(id) FROM graphile_worker._private_jobs) RETURNING id, attempts, max_attempts, run_at, key`);
  for (const state of [
    "attempts = 1, locked_at = now(), locked_by = 'another'",
    "attempts = 2, locked_at = NULL, locked_by = NULL, last_error = 'no', run_at = now() + interval '1 hour'",
  ]) {
    const { rows } = await change(state);
    await plan();
    const after = await owner.query(
      "SELECT id, attempts, max_attempts, run_at, key FROM graphile_worker._private_jobs ORDER BY id LIMIT 1",
    );
    expect(after.rows).toEqual(rows);
  }
  expect(await planned()).toHaveLength(2);
  await owner.query("DELETE FROM graphile_worker._private_jobs");
});

test("a reconciliation that takes long keeps no other job waiting", async () => {
  let free = () => {};
  const held = new Promise<void>((done) => (free = done));
  const { movements } = script.provider;
  const { provider } = script;
  let asked = false;
  Object.assign(provider, {
    async *movements(from: Date, to: Date) {
      asked = true;
      await held;
      yield* movements(from, to);
    },
  });
  await transact(app.db, (tx) => enqueue(tx, "reconcile", {}));
  while (!asked) await wait(20);
  const other = { template: "order-confirmation", orderId: newId() }; // of no order: done as soon as it is looked at
  await transact(app.db, (tx) => enqueue(tx, "sendMail", other));
  const waiting = async () =>
    (
      await owner.query(
        "SELECT FROM graphile_worker.jobs WHERE task_identifier = 'sendMail' AND attempts = 0",
      )
    ).rowCount;
  while (await waiting()) await wait(20);
  Object.assign(provider, { movements });
  free();
  await compared();
  logged.length = 0;
});

test("the job's worker compares them, and each difference is an error in the log", async () => {
  script.add({ key: "payop_by_hand", kind: "REFUND", amount: 100n, currency: "EUR" });
  clock.advance(2 * MINUTE);
  await transact(app.db, (tx) => enqueue(tx, "reconcile", {}));
  await compared();
  expect(logged.filter(({ level }) => level >= 50).map(({ msg }) => msg)).toEqual([
    "a provider's books and ours differ: scripted REFUND payop_by_hand: theirs 100 EUR, ours nothing",
  ]);
});
