import { setTimeout as wait } from "node:timers/promises";
import { startTestApp, type TestApp } from "./support/app";
import { movableClock } from "./support/clock";
import { countStatements } from "./support/count-statements";
import { holdTable } from "./support/hold-table";

/** Reads the table `collections`. */
const LIST = "{ collections(first: 5) { nodes { id } } }";
const [FLOODER, SHOPPER] = [{ "x-forwarded-for": "192.0.2.1" }, { "x-forwarded-for": "198.51.100.1" }];
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ DATABASE_POOL: "4", TRUST_PROXY: "1", RESPONSE_CACHE_MB: "0" });
});
afterAll(() => app.close());

const readyz = async () => (await fetch(new URL("/readyz", app.url))).status;

test("however many ask at once whether the server is ready, the database is asked by one at a time", async () => {
  const asking = async () => {
    const taken = Array.from({ length: 4 }, () =>
      app.db.$transaction(async (tx) => tx.$queryRaw`SELECT pg_sleep(0.4)::text`),
    );
    await wait(50); // all connections are
    const asked = await Promise.all(Array.from({ length: 100 }, readyz));
    expect(asked).toContain(200); // on a slow machine some are told 503: somebody has been waiting for too long
    await Promise.all(taken);
  };
  expect(await countStatements(asking, /clock_timestamp/)).toBeLessThan(50);
});

test("a server whose clock and the database's are too far apart is not ready, until they aren't", async () => {
  const clock = movableClock();
  const astray = await startTestApp({}, { clock });
  const status = async () => (await fetch(new URL("/readyz", astray.url))).status;
  try {
    for (const [advance, expected] of [
      [0, 200],
      [300_000, 503],
      [-600_000, 503],
      [300_000, 200],
    ] as const) {
      clock.advance(advance);
      expect([advance, await status()]).toEqual([advance, expected]);
    }
  } finally {
    await astray.close();
  }
});

test("reads of one address that wait for each other are no reason to send everybody elsewhere; somebody else's are", async () => {
  const table = await holdTable(app.database, "collections");
  const flood = Array.from({ length: 40 }, () => app.ask(null, LIST, {}, FLOODER));
  while ((await table.waiting()) < 3) await wait(5); // as many connections as reads may take
  await wait(700);
  expect(await readyz()).toBe(200);
  const created = await app.ask(null, "mutation { createCart(input: {}) { cart { id } } }", {}, SHOPPER);
  expect(created.data.createCart.cart).not.toBeNull();

  const others = Array.from({ length: 3 }, () => app.ask(null, LIST, {}, SHOPPER));
  let seen = 200;
  for (let looks = 0; looks < 100 && seen !== 503; looks++) {
    await wait(20);
    seen = await readyz();
  }
  expect(seen).toBe(503);
  await table.release();
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 200]);
  await Promise.all(flood);
  expect(await readyz()).toBe(200);
});
