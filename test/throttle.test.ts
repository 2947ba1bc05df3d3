import { forgetCallers } from "../src/platform/throttle/forget-callers";
import { startTestApp, type TestApp } from "./support/app";
import { aPerson } from "./support/person";
import { startSecondApp } from "./support/second-app";

/** Costs 100 points, whatever the shop holds. */
const HUNDRED = "{ __schema { queryType { name } } }";
/** Would write a cart. */
const CREATE = "mutation { createCart(input: {}) { userErrors { code } } }";
const SMALL = { THROTTLE_BUCKET: "1000", THROTTLE_RESTORE_RATE: "100", QUERY_COST_LIMIT: "1000" };

/** Time stands still until the test moves it. */
function stillClock() {
  let at = Date.now();
  return {
    now: () => new Date(at),
    advance(milliseconds: number) {
      at += milliseconds;
    },
  };
}

const clock = stillClock();
const apps: TestApp[] = [];
async function start(settings: Record<string, string> = {}) {
  const app = await startTestApp({ ...SMALL, ...settings }, { clock });
  apps.push(app);
  return app;
}
afterAll(async () => {
  for (const app of apps) await app.close();
});
type Asks = Pick<TestApp, "ask">;
const statusOf = async ({ ask }: Asks, headers: Record<string, string> = {}) =>
  (await ask(null, HUNDRED, {}, headers)).status;
async function empty(app: Asks, headers: Record<string, string> = {}) {
  const statuses = [];
  for (let taken = 0; taken < 10; taken++) statuses.push(await statusOf(app, headers));
  expect(statuses).toEqual(Array(10).fill(200));
}

describe.each(["memory", "postgres"])("a bucket in %s", (THROTTLE) => {
  test("empties, is reported, and fills again", async () => {
    const app = await start({ THROTTLE });
    const full = await app.ask(null, "{ __typename }");
    expect(full.extensions.cost).toEqual({
      requestedQueryCost: 1,
      actualQueryCost: 1,
      throttleStatus: { maximumAvailable: 1000, currentlyAvailable: 999, restoreRate: 100 },
    });
    for (let taken = 0; taken < 9; taken++) expect(await statusOf(app)).toBe(200);
    const refused = await app.ask(null, HUNDRED);
    expect([refused.status, refused.codes, refused.headers.get("retry-after")]).toEqual([
      429,
      ["RATE_LIMITED"],
      "1",
    ]);
    expect(refused.extensions.cost).toEqual({
      requestedQueryCost: 100,
      actualQueryCost: null,
      throttleStatus: { maximumAvailable: 1000, currentlyAvailable: 99, restoreRate: 100 },
    });
    clock.advance(3_010);
    for (let taken = 0; taken < 4; taken++) expect(await statusOf(app)).toBe(200);
    expect(await statusOf(app)).toBe(429);
    clock.advance(60_000);
    const { extensions } = await app.ask(null, "{ __typename }");
    expect(extensions.cost.throttleStatus.currentlyAvailable).toBe(999);
  });

  test("gets back what an answer did not come to", async () => {
    const app = await start({ THROTTLE });
    for (let asked = 0; asked < 30; asked++) {
      const { extensions, status } = await app.ask(null, "{ products(first: 100) { nodes { id } } }");
      expect([status, extensions.cost.requestedQueryCost, extensions.cost.actualQueryCost]).toEqual([
        200, 101, 1,
      ]);
    }
    const { extensions } = await app.ask(null, "{ __typename }");
    expect(extensions.cost.throttleStatus.currentlyAvailable).toBe(1000 - 31);
  });

  test("is an account's own, whoever else shares its address", async () => {
    const app = await start({ THROTTLE });
    const { token } = await aPerson(app);
    clock.advance(60_000);
    await empty(app);
    expect(await statusOf(app)).toBe(429);
    expect((await app.ask(token, HUNDRED)).status).toBe(200);
  });

  test("refuses before anything is executed", async () => {
    const app = await start({ THROTTLE });
    await empty(app);
    const [carts, { status, data }] = [await app.db.cart.count(), await app.ask(null, CREATE)];
    expect([status, data]).toEqual([429, undefined]);
    expect(await app.db.cart.count()).toBe(carts);
  });

  test("is emptied by documents that are refused, and turns away before the next is read", async () => {
    const app = await start({ THROTTLE });
    const statuses = [];
    for (let sent = 0; sent < 11; sent++) statuses.push((await app.ask(null, `{ nothing${sent} }`)).status);
    expect(statuses).toEqual([...Array(10).fill(400), 429]);
    const { headers, codes } = await app.ask(null, "{ not even a document");
    expect([codes, headers.get("retry-after")]).toEqual([["RATE_LIMITED"], "1"]);
  });

  test("is nobody's who only asks how the server is, or delivers a provider's news", async () => {
    const app = await start({ THROTTLE });
    await empty(app);
    const at = (path: string, method = "GET") =>
      fetch(new URL(path, app.url), { method }).then(({ status }) => status);
    expect([await at("/livez"), await at("/readyz")]).not.toContain(429);
    expect(await at("/webhooks/sandbox", "POST")).not.toBe(429);
  });
});

describe("whose bucket it is", () => {
  test("a header that anyone can send makes no other caller", async () => {
    const app = await start();
    await empty(app);
    for (const header of ["x-forwarded-for", "x-real-ip", "forwarded", "cf-connecting-ip", "true-client-ip"])
      expect(await statusOf(app, { [header]: "203.0.113.9" })).toBe(429);
  });

  test("behind one proxy it is the address which that proxy saw", async () => {
    const app = await start({ TRUST_PROXY: "1" });
    await empty(app, { "x-forwarded-for": "203.0.113.9" });
    expect(await statusOf(app, { "x-forwarded-for": "198.51.100.1, 203.0.113.9" })).toBe(429);
    expect(await statusOf(app, { "x-forwarded-for": "203.0.113.9, 198.51.100.1" })).toBe(200);
  });

  test("one subscriber of IPv6 holds a /64", async () => {
    const app = await start({ TRUST_PROXY: "1" });
    const from = (address: string) => ({ "x-forwarded-for": address });
    await empty(app, from("2001:db8:1:2::1"));
    expect(await statusOf(app, from("2001:0DB8:0001:0002:ffff:ffff:ffff:ffff"))).toBe(429);
    expect(await statusOf(app, from("2001:db8:1:3::1"))).toBe(200);
    expect(await statusOf(app, from("::ffff:203.0.113.7"))).toBe(200);
    await empty(app, from("203.0.113.8"));
    expect(await statusOf(app, from("::ffff:203.0.113.8"))).toBe(429);
  });
});

test("two servers share a bucket in postgres", async () => {
  const first = await start({ THROTTLE: "postgres" });
  const second = await startSecondApp(first, { clock });
  const statuses = [];
  for (let taken = 0; taken < 11; taken++) statuses.push(await statusOf(taken % 2 ? first : second));
  expect(statuses).toEqual([...Array(10).fill(200), 429]);
  const rows = await first.db.throttleBucket.findMany();
  expect(rows).toHaveLength(1);
  expect(Buffer.from(rows[0]?.caller ?? []).toString("latin1")).not.toContain("127.0.0.1");
  await second.close();
});

test("many at once take no more than there is", async () => {
  for (const THROTTLE of ["memory", "postgres"]) {
    const app = await start({ THROTTLE });
    const statuses = await Promise.all(Array.from({ length: 40 }, () => statusOf(app)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
  }
});

test("buckets that are full again leave no rows", async () => {
  const app = await start({ THROTTLE: "postgres" });
  await app.ask(null, HUNDRED);
  const sweep = forgetCallers.run;
  await sweep(app.platform, new AbortController().signal);
  expect(await app.db.throttleBucket.count()).toBe(1);
  clock.advance(11_000);
  await sweep(app.platform, new AbortController().signal);
  expect(await app.db.throttleBucket.count()).toBe(0);
});

test("switched off, nothing is refused and the cost is still told", async () => {
  const app = await start({ THROTTLE: "off" });
  await empty(app);
  const { status, extensions } = await app.ask(null, HUNDRED);
  expect([status, extensions.cost]).toEqual([200, { requestedQueryCost: 100, actualQueryCost: 100 }]);
});
