import { setTimeout as wait } from "node:timers/promises";
import { startTestApp, type TestApp } from "./support/app";
import { holdTable } from "./support/hold-table";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ DATABASE_POOL: "4", RESPONSE_CACHE_MB: "0" });
});
afterAll(() => app.close());

test("reads that ask for much at once leave mutations connections of their own", async () => {
  const table = await holdTable(app.database, "collections");
  const lists = Array.from({ length: 15 }, (_, n) => `a${n}: collections(first: 5) { nodes { id } }`);
  const reads = Array.from({ length: 8 }, () => app.ask(null, `{ ${lists.join(" ")} }`));
  while ((await table.waiting()) < 3) await wait(5);
  const asked = performance.now();
  const { status } = await app.ask(null, "mutation { createCart(input: {}) { cart { id } } }");
  expect([status, performance.now() - asked < 1_000]).toEqual([200, true]);
  expect((await app.ask(null, "mutation { createCart(input: {}) { cart { id } } }")).status).toBe(200);
  await table.release();
  await Promise.all(reads);
});
