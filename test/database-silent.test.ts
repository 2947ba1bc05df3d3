import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, resultOf } from "./support/checkouts";
import { aLineTo } from "./support/line";
import { createTestDatabase, type TestDatabase } from "./support/test-database";

jest.setTimeout(90_000);

/** Longer than anything of ours waits for anything (16 s): what isn't told by then is told never. */
const SILENCE_MS = 30_000;
const LIST = "{ products(first: 5) { nodes { id } } }";
const dataDir = mkdtempSync(join(tmpdir(), "tillgraph-silent-"));
let database: TestDatabase;
let line: Awaited<ReturnType<typeof aLineTo>>;
let app: TestApp;
beforeAll(async () => {
  database = await createTestDatabase();
  line = await aLineTo(database.url);
  app = await startTestApp({
    DATA_DIR: dataDir,
    RESPONSE_CACHE_MB: "0",
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

const statusOf = async (path: string) => (await fetch(new URL(path, app.url))).status;
const mails = () =>
  readdirSync(dataDir, { recursive: true }).filter((name) => String(name).endsWith(".eml")).length;
const timed = async <Result>(work: Promise<Result>) => {
  const started = performance.now();
  return { ...(await work), ms: performance.now() - started };
};

test("the database falls silent, no connection is closed: 503 within three seconds, then at once; when it speaks again all works as before", async () => {
  const { variant } = await aProduct(app.db, { stock: 50 });
  const aCart = () => aFullCart(app.ask, null, { variantId: variant.id });
  await app.app.startBackground();
  expect(resultOf(await checkOut(app.ask, await aCart()))).toBe("OK");
  const [cart, later] = [await aCart(), await aCart()];
  await Promise.all(Array.from({ length: 30 }, () => app.ask(null, LIST))); // every connection of the pool is there

  line.hush();
  const asked = [...Array.from({ length: 30 }, () => app.ask(null, LIST)), checkOut(app.ask, cart)].map(
    timed,
  );
  for (const { status, codes, headers, ms } of await Promise.all(asked)) {
    expect([status, codes, headers.get("retry-after")]).toEqual([503, ["SERVICE_UNAVAILABLE"], "1"]);
    expect(ms).toBeLessThan(3_500);
  }
  const silentUntil = performance.now() + SILENCE_MS;
  while (performance.now() < silentUntil) {
    const { status, ms } = await timed(app.ask(null, LIST));
    expect(status).toBe(503);
    expect(ms).toBeLessThan(500);
    expect([await statusOf("/readyz"), await statusOf("/livez")]).toEqual([503, 200]);
    await wait(1_000);
  }

  line.resume();
  for (let waited = 0; waited < 5_000 && (await statusOf("/readyz")) !== 200; waited += 100) await wait(100);
  expect((await app.ask(null, LIST)).status).toBe(200);
  const outcomes = [await checkOut(app.ask, cart), await checkOut(app.ask, later)].map(resultOf);
  expect(outcomes).toEqual(["OK", "OK"]);
  for (let waited = 0; waited < 30_000 && mails() < 3; waited += 100) await wait(100); // jobs are done again, too
  expect(mails()).toBe(3);
});

test("a statement that merely takes long is waited for: a database that answers others is there", async () => {
  await app.db.$queryRaw`SELECT pg_sleep(4)::text`;
  expect(await statusOf("/readyz")).toBe(200);
});
