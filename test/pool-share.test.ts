import { setTimeout as wait } from "node:timers/promises";
import { toId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { holdTable } from "./support/hold-table";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ DATABASE_POOL: "4", RESPONSE_CACHE_MB: "0", TRUST_PROXY: "1" });
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

test("an address that asks for more than can be done doesn't keep others from reading", async () => {
  const slow = await holdTable(app.database, "collections");
  const lists = Array.from({ length: 15 }, (_, n) => `a${n}: collections(first: 5) { nodes { id } }`);
  const crowd = Array.from({ length: 40 }, () => app.ask(null, `{ ${lists.join(" ")} }`));
  while ((await slow.waiting()) < 3) await wait(5);
  await wait(1_000); // the load is high: no read of that address waits any more
  expect((await app.ask(null, `{ ${lists.join(" ")} }`)).status).toBe(503);
  const other = { "x-forwarded-for": "203.0.113.5" };
  const asking = app.ask(null, "{ products(first: 5) { nodes { id } } }", {}, other);
  await wait(200);
  await slow.release();
  expect((await asking).status).toBe(200);
  await Promise.all(crowd);
});

test("a document that is answered because one field failed leaves nothing in the database, and no place until then", async () => {
  const table = await holdTable(app.database, "collections");
  const lists = Array.from({ length: 14 }, (_, n) => `a${n}: collections(first: 5) { nodes { id } }`);
  const refused = "orders(first: 1) { nodes { id } }"; // at once: it is for staff, and may not be null
  const crowd = Array.from({ length: 60 }, () => app.ask(null, `{ ${refused} ${lists.join(" ")} }`));
  const answers = await Promise.all(crowd);
  expect(answers.map(({ codes }) => codes)).toEqual(answers.map(() => ["UNAUTHENTICATED"]));
  const other = { "x-forwarded-for": "203.0.113.5" };
  expect((await app.ask(null, "{ products(first: 5) { nodes { id } } }", {}, other)).status).toBe(200);
  for (let waited = 0; waited < 1_500 && (await table.waiting()) > 0; waited += 50) await wait(50);
  expect(await table.waiting()).toBe(0);
  await table.release();
});

test("a field that comes to its next statement when its document was answered already asks for nothing more", async () => {
  const [{ id }] = await app.db.$queryRaw<[{ id: string }]>`
    INSERT INTO collections (id, handle, title, created_at, updated_at) VALUES (gen_random_uuid(), 'all', 'All', now(), now()) RETURNING id::text`;
  const collection = `collection(id: "${toId("coll", id)}") { products(first: 5) { nodes { id } } }`;
  expect((await app.ask(null, `{ ${collection} }`)).data.collection.products.nodes).toEqual([]);
  const table = await holdTable(app.database, "products"); // which the collection itself is not read from
  const document = `{ orders(first: 1) { nodes { id } } ${collection} }`;
  const answers = await Promise.all(Array.from({ length: 60 }, () => app.ask(null, document))); // each in the place of another
  expect(answers.map(({ codes }) => codes)).toEqual(answers.map(() => ["UNAUTHENTICATED"]));
  await wait(300);
  expect(await table.waiting()).toBe(0);
  await table.release();
});
