import { setTimeout as wait } from "node:timers/promises";
import { type Answer, startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, resultOf } from "./support/checkouts";
import { holdTable } from "./support/hold-table";

/** Reads the table `collections`. */
const LIST = "{ collections(first: 5) { nodes { id } } }";
/** Reads that a server with two connections lets in, and those that may wait. */
const [AT_WORK, WAITING] = [8, 10];
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ DATABASE_POOL: "2", QUEUE_LIMIT: String(WAITING), RESPONSE_CACHE_MB: "0" });
  await aZone(app.db);
});
afterAll(() => app.close());

const statusOf = async (path: string) => (await fetch(new URL(path, app.url))).status;
const list = () => app.ask(null, LIST);
const expectShed = ({ status, codes, headers }: Answer) =>
  expect([status, codes, headers.get("retry-after")]).toEqual([503, ["SERVICE_UNAVAILABLE"], "1"]);

/** Lets nobody read the list while `work` is done. */
async function heldUp(work: (table: Awaited<ReturnType<typeof holdTable>>) => Promise<void>) {
  const table = await holdTable(app.database, "collections");
  await work(table).finally(table.release);
}

/** Sends so many reads; how many were refused while nobody could read, and how many were answered then. */
async function askHeldUp(count: number, refused: number) {
  const early: Answer[] = [];
  const all: Promise<Answer>[] = [];
  const ask = async () => {
    const answer = await list();
    early.push(answer);
    return answer;
  };
  await heldUp(async () => {
    for (let sent = 0; sent < count; sent++) all.push(ask());
    while (early.length < refused) await wait(5);
  });
  early.slice(0, refused).forEach(expectShed);
  const statuses = (await Promise.all(all)).map(({ status }) => status);
  return statuses.filter((status) => status === 200).length;
}

test("more reads than may wait are answered 503 while the others still wait for their turn", async () => {
  const answered = await askHeldUp(AT_WORK + WAITING + 20, 20);
  expect(answered).toBeGreaterThan(AT_WORK); // all that may wait, unless the machine takes longer than they do
  expect(answered).toBeLessThanOrEqual(AT_WORK + WAITING);
});

test("a server with no place left says so in less than 50 ms", async () => {
  const all: Promise<Answer>[] = [];
  let refused = 0;
  const ask = async () => {
    const answer = await list();
    if (answer.status === 503) refused++;
    return answer;
  };
  const times: number[] = [];
  await heldUp(async () => {
    for (let sent = 0; sent < AT_WORK + WAITING + 5; sent++) all.push(ask());
    while (refused < 5) await wait(5); // nobody is refused before all places are taken
    for (let asked = 0; asked < 5; asked++) {
      const start = performance.now();
      expectShed(await list());
      times.push(performance.now() - start);
    }
  });
  expect(Math.min(...times)).toBeLessThan(50); // the machine may be late, the server is not
  await Promise.all(all);
});

test("whoever gave up while waiting takes nobody's turn", async () => {
  const first: Promise<Answer>[] = [];
  await heldUp(async (table) => {
    for (let sent = 0; sent < AT_WORK; sent++) first.push(list());
    while ((await table.waiting()) < 2) await wait(5); // on every connection there is
    const giving = new AbortController();
    const ask = {
      method: "POST",
      body: JSON.stringify({ query: LIST }),
      headers: { "content-type": "application/json" },
      signal: giving.signal,
    };
    const given = Array.from({ length: WAITING }, () => fetch(app.url, ask).catch(() => null));
    await wait(200);
    giving.abort();
    await Promise.all(given);
  });
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual(first.map(() => 200));
  const then = await Promise.all(Array.from({ length: AT_WORK + WAITING }, list));
  expect(then.map(({ status }) => status)).toEqual(then.map(() => 200));
});

test("a database whose connections are all taken for long: not ready, no further read waits, a checkout does and goes through", async () => {
  const { variant } = await aProduct(app.db);
  const cart = await aFullCart(app.ask, null, { variantId: variant.id });
  const taken = Array.from({ length: 2 }, () =>
    app.db.$transaction(async (tx) => tx.$queryRaw`SELECT pg_sleep(2.5)::text`),
  );
  await wait(100);
  const buying = checkOut(app.ask, cart);
  await wait(700);
  expect([await statusOf("/readyz"), await statusOf("/livez")]).toEqual([503, 200]);
  const reads = Array.from({ length: AT_WORK }, list); // they wait for a connection
  await wait(200);
  expectShed(await list());
  await Promise.all(taken);
  expect((await Promise.all(reads)).map(({ status }) => status)).toEqual(reads.map(() => 200));
  expect(resultOf(await buying)).toBe("OK");
  expect(await statusOf("/readyz")).toBe(200);
  expect((await list()).status).toBe(200);
});

test("a process that comes late to everything says so and lets no read wait, until it is over", async () => {
  let late = true;
  const hold = () => {
    for (const until = performance.now() + 150; performance.now() < until; );
    if (late) setImmediate(hold);
  };
  setImmediate(hold);
  await wait(2_500);
  expect([await statusOf("/readyz"), await statusOf("/livez")]).toEqual([503, 200]);
  expect(await askHeldUp(AT_WORK + 3, 3)).toBeLessThanOrEqual(AT_WORK);
  const created = await app.ask(null, "mutation { createCart(input: {}) { cart { id } } }");
  expect(created.status).toBe(200);
  late = false;
  for (let waited = 0; waited < 5_000 && (await statusOf("/readyz")) !== 200; waited += 100) await wait(100);
  expect((await list()).status).toBe(200);
});

test("one pause is no overload", async () => {
  await wait(1_100);
  for (const until = performance.now() + 400; performance.now() < until; );
  await wait(1_100); // the window with the pause in it has been looked at
  expect(await statusOf("/readyz")).toBe(200);
});
