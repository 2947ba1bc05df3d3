import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, resultOf } from "./support/checkouts";
import { holdTable } from "./support/hold-table";
import { aLineTo } from "./support/line";
import { aPerson } from "./support/person";
import { createTestDatabase, type TestDatabase } from "./support/test-database";

jest.setTimeout(30_000);

const LIST = "{ products(first: 5) { nodes { id } } }";
const dataDir = mkdtempSync(join(tmpdir(), "tillgraph-away-"));
let database: TestDatabase;
let line: Awaited<ReturnType<typeof aLineTo>>;
let app: TestApp;
beforeAll(async () => {
  database = await createTestDatabase();
  line = await aLineTo(database.url);
  app = await startTestApp({
    DATA_DIR: dataDir,
    DATABASE_URL: line.through(database.url),
    DATABASE_OWNER_URL: line.through(database.ownerUrl),
  });
  await aZone(app.db);
});
afterAll(async () => {
  await app.close();
  await line.cut();
  await database.drop();
  rmSync(dataDir, { recursive: true });
});

const isReady = async () => (await fetch(new URL("/readyz", app.url))).status === 200;
const mails = () => readdirSync(dataDir, { recursive: true }).filter((name) => String(name).endsWith(".eml"));
async function mailsAre(count: number) {
  for (let waited = 0; waited < 15_000 && mails().length < count; waited += 100) await wait(100);
  expect(mails()).toHaveLength(count);
}

test("the database goes away and comes back: 503 meanwhile, then all works as before", async () => {
  const { variant } = await aProduct(app.db, { stock: 50 });
  const buy = async () =>
    resultOf(await checkOut(app.ask, await aFullCart(app.ask, null, { variantId: variant.id })));
  const cart = await aFullCart(app.ask, null, { variantId: variant.id });
  await app.app.startBackground();
  expect(await buy()).toBe("OK");
  await mailsAre(1);

  const inHand = Array.from({ length: 20 }, () => app.ask(null, LIST));
  await line.cut();
  for (const { status, codes } of await Promise.all(inHand))
    expect(["200 ", "503 SERVICE_UNAVAILABLE"]).toContain(`${status} ${codes}`);
  const away = await Promise.all([app.ask(null, LIST), checkOut(app.ask, cart)]);
  for (const { status, codes, headers } of away)
    expect([status, codes, headers.get("retry-after")]).toEqual([503, ["SERVICE_UNAVAILABLE"], "1"]);
  expect(await isReady()).toBe(false);

  await line.mend();
  expect(await isReady()).toBe(true);
  expect(resultOf(await checkOut(app.ask, cart))).toBe("OK");
  await mailsAre(2); // the queue's worker is back at work, too
});

test("who is signed in hears 503, too, when his session cannot be looked up", async () => {
  const { token } = await aPerson(app);
  const expectAway = ({ status, codes, headers }: Awaited<ReturnType<typeof app.ask>>) =>
    expect([status, codes, headers.get("retry-after")]).toEqual([503, ["SERVICE_UNAVAILABLE"], "1"]);
  const table = await holdTable(database, "sessions");
  const asked = app.ask(token, LIST);
  while ((await table.waiting()) < 1) await wait(5);
  await app.db.$queryRaw`
    SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  await table.release();
  expectAway(await asked);
  await line.cut();
  expectAway(await app.ask(token, LIST));
  await line.mend();
  expect((await app.ask(token, LIST)).status).toBe(200);
});
