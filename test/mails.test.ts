import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { readId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut } from "./support/checkouts";
import { countStatements } from "./support/count-statements";
import { startSecondApp } from "./support/second-app";

const EACH = 50;
/** Mails that a server writes at once. */
const AT_ONCE = 5;

let app: TestApp;
let dataDir: string;
let owner: pg.Client; // the queue belongs to that role
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "tillgraph-mails-"));
  app = await startTestApp({ DATA_DIR: dataDir });
  await aZone(app.db);
  owner = new pg.Client({ connectionString: app.database.ownerUrl });
  await owner.connect();
});
afterEach(async () => {
  await owner.end();
  await app.close();
  rmSync(dataDir, { recursive: true });
});

/** An order whose confirmation waits `EACH` times. */
async function anOrder(): Promise<{ email: string; number: string }> {
  const { variant } = await aProduct(app.db);
  const { data } = await checkOut(app.ask, await aFullCart(app.ask, null, { variantId: variant.id }));
  const { id, email, number } = data.checkout.order;
  const payload = JSON.stringify({ template: "order-confirmation", orderId: readId("order", id) });
  await app.db.$queryRaw`
    SELECT enqueue_job('sendMail', ${payload}::json, NULL, NULL, 10)::text FROM generate_series(2, ${EACH}::int)`;
  return { email, number };
}

/** The letters that were written to their end. */
function letters(): string[] {
  const folder = join(dataDir, "mail");
  const texts = existsSync(folder)
    ? readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"))
    : [];
  return texts.filter((text) => text.includes("The key to your order"));
}

test("mails that are written at once read their orders together, and each says what is its own", async () => {
  const orders = [await anOrder(), await anOrder()];
  const reads = await countStatements(async () => {
    await app.app.startBackground();
    while (letters().length < orders.length * EACH) await wait(50);
  }, /FROM orders WHERE id = ANY/);
  expect(reads).toBeGreaterThan(0);
  expect(reads).toBeLessThan(orders.length * EACH); // only some: jobs are fetched one after the other
  const written = letters();
  for (const { email, number } of orders) {
    const own = written.filter((letter) => letter.includes(`To: ${email}`));
    expect(own).toHaveLength(EACH);
    for (const letter of own) expect(letter).toContain(`Thank you for your order ${number}.`);
  }
});

/** How many jobs wait, and how many of them a server holds; `tried` are those that were begun once. */
async function queued(): Promise<{ waiting: number; held: number; tried: number }> {
  const { rows } = await owner.query(
    `SELECT count(*)::int AS waiting, count(locked_at)::int AS held, count(*) FILTER (WHERE attempts > 0)::int AS tried
     FROM graphile_worker.jobs WHERE task_identifier = 'sendMail'`,
  );
  return rows[0];
}

test("a server that closes finishes the mails in hand, and begins no other", async () => {
  await anOrder();
  let letGo = () => {};
  const held = new Promise<void>((done) => {
    letGo = done;
  });
  const reached = async (point: string) => (point === "mail.sent" ? held : undefined);
  const server = await startSecondApp(app, { reached });
  await server.startBackground();
  while ((await queued()).held < AT_ONCE || letters().length < AT_ONCE) await wait(20);
  const closed = server.close();
  expect(await queued()).toEqual({ waiting: EACH, held: AT_ONCE, tried: AT_ONCE });
  letGo();
  await closed;
  expect(await queued()).toEqual({ waiting: EACH - AT_ONCE, held: 0, tried: 0 });
  expect(letters()).toHaveLength(AT_ONCE);
});

test("a mail that is written again, because a crash came before its job was ticked off, has the id that it had", async () => {
  await anOrder();
  await owner.query(
    "DELETE FROM graphile_worker._private_jobs WHERE id NOT IN (SELECT id FROM graphile_worker._private_jobs LIMIT 2)",
  );
  let crashes = 2;
  const reached = async (point: string) => {
    if (point === "mail.sent" && crashes-- > 0) throw new Error("killed");
  };
  const server = await startSecondApp(app, { reached });
  await server.startBackground();
  while ((await queued()).waiting > 0) await wait(50);
  await server.close();
  const ids = letters().map((letter) => /^Message-ID: (<.+@tillgraph\.test>)\r$/m.exec(letter)?.[1]);
  expect(ids).toHaveLength(4);
  expect(ids).not.toContain(undefined);
  expect(new Set(ids).size).toBe(2);
});
