import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { forgetCallers } from "../src/platform/throttle/forget-callers";
import { startTestApp, type TestApp } from "./support/app";
import { countStatements } from "./support/count-statements";
import { aLineTo } from "./support/line";
import { aPerson } from "./support/person";
import { startSecondApp } from "./support/second-app";
import { createTestDatabase } from "./support/test-database";

/** Costs 100 points, whatever the shop holds. */
const HUNDRED = "{ __schema { queryType { name } } }";
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
const start = (settings: Record<string, string> = {}) => startTestApp({ ...SMALL, ...settings }, { clock });

type Headers = Record<string, string>;
type Asks = Pick<TestApp, "ask">;
/** Someone at this address, as the one proxy in front of the server says. */
const from = (address: string): Headers => ({ "x-forwarded-for": address });
let addresses = 0;
const someone = () => from(`198.51.100.${++addresses}`);

const statusOf = async ({ ask }: Asks, headers: Headers = {}) =>
  (await ask(null, HUNDRED, {}, headers)).status;
async function empty(app: Asks, headers: Headers = {}) {
  const statuses = [];
  for (let taken = 0; taken < 10; taken++) statuses.push(await statusOf(app, headers));
  expect(statuses).toEqual(Array(10).fill(200));
}

describe.each(["memory", "postgres"])("a bucket in %s", (THROTTLE) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await start({ THROTTLE, TRUST_PROXY: "1" });
  });
  afterAll(() => app.close());

  test("empties, is reported, and fills again", async () => {
    const ann = someone();
    const full = await app.ask(null, "{ __typename }", {}, ann);
    expect(full.extensions.cost).toEqual({
      requestedQueryCost: 1,
      actualQueryCost: 1,
      throttleStatus: { maximumAvailable: 1000, currentlyAvailable: 999, restoreRate: 100 },
    });
    for (let taken = 0; taken < 9; taken++) expect(await statusOf(app, ann)).toBe(200);
    const refused = await app.ask(null, HUNDRED, {}, ann);
    expect([refused.status, refused.codes]).toEqual([429, ["RATE_LIMITED"]]);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.extensions.cost).toEqual({
      requestedQueryCost: 100,
      actualQueryCost: null,
      throttleStatus: { maximumAvailable: 1000, currentlyAvailable: 99, restoreRate: 100 },
    });
    clock.advance(3_010);
    for (let taken = 0; taken < 4; taken++) expect(await statusOf(app, ann)).toBe(200);
    expect(await statusOf(app, ann)).toBe(429);
    clock.advance(60_000);
    const { extensions } = await app.ask(null, "{ __typename }", {}, ann);
    expect(extensions.cost.throttleStatus.currentlyAvailable).toBe(999);
  });

  test("says in Retry-After when there is enough again", async () => {
    const ann = someone();
    await empty(app, ann);
    clock.advance(1_000);
    const documents = Array.from({ length: 8 }, (_, n) => `a${n}: products(first: 100) { nodes { id } }`);
    const { status, headers } = await app.ask(null, `{ ${documents.join(" ")} }`, {}, ann);
    expect([status, headers.get("retry-after")]).toEqual([429, "8"]); // 808 points, and 100 are there
  });

  test("gets back what an answer did not come to", async () => {
    const ann = someone();
    for (let asked = 0; asked < 30; asked++) {
      const { extensions, status } = await app.ask(
        null,
        "{ products(first: 100) { nodes { id } } }",
        {},
        ann,
      );
      const { requestedQueryCost, actualQueryCost } = extensions.cost;
      expect([status, requestedQueryCost, actualQueryCost]).toEqual([200, 101, 1]);
    }
    const { extensions } = await app.ask(null, "{ __typename }", {}, ann);
    expect(extensions.cost.throttleStatus.currentlyAvailable).toBe(1000 - 31);
  });

  test("gives nothing back for an answer with errors: one bad field would make the others free", async () => {
    const ann = someone();
    const document = "{ a: products(first: 100) { nodes { id } } b: products(first: -1) { nodes { id } } }";
    const { data, codes, extensions } = await app.ask(null, document, {}, ann);
    expect([data, codes]).toEqual([null, ["BAD_USER_INPUT"]]);
    expect(extensions.cost.requestedQueryCost).toBe(103);
    expect(extensions.cost.throttleStatus.currentlyAvailable).toBe(1000 - 103);
  });

  test("is an account's own, whoever else shares its address", async () => {
    const { token } = await aPerson(app);
    const office = someone();
    await empty(app, office);
    expect(await statusOf(app, office)).toBe(429);
    expect((await app.ask(token, HUNDRED, {}, office)).status).toBe(200);
  });

  test("refuses before anything is executed", async () => {
    const ann = someone();
    await empty(app, ann);
    clock.advance(50); // 5 points: enough to be listened to
    const carts = await app.db.cart.count();
    const { status, data, extensions } = await app.ask(
      null,
      "mutation { createCart(input: {}) { userErrors { code } } }",
      {},
      ann,
    );
    expect([status, data, extensions.cost.requestedQueryCost]).toEqual([429, undefined, 12]);
    expect(await app.db.cart.count()).toBe(carts);
  });

  test("is emptied by documents that are refused, and turns away before the next is read", async () => {
    const ann = someone();
    const statuses = [];
    for (let sent = 0; sent < 11; sent++)
      statuses.push((await app.ask(null, `{ nothing${sent} }`, {}, ann)).status);
    expect(statuses).toEqual([...Array(10).fill(400), 429]);
    const { headers, codes } = await app.ask(null, "{ not even a document", {}, ann);
    expect([codes, headers.get("retry-after")]).toEqual([["RATE_LIMITED"], "1"]);
  });

  const JSON_BODY = { "content-type": "application/json" };
  test.each<[string, number, RequestInit]>([
    ["broken JSON", 400, { headers: JSON_BODY, body: '{"query":' }],
    [
      "a body said to be compressed",
      415,
      { headers: { ...JSON_BODY, "content-encoding": "gzip" }, body: "{}" },
    ],
    ["101 kB", 413, { headers: JSON_BODY, body: "x".repeat(101 * 1024) }],
    ["a batch", 400, { headers: JSON_BODY, body: '[{"query":"{ __typename }"}]' }],
    ["no document", 400, { headers: JSON_BODY, body: "{}" }],
    ["a document that is no text", 400, { headers: JSON_BODY, body: '{"query":1}' }],
  ])("is emptied by what is refused before it is read as GraphQL: %s", async (_what, refused, init) => {
    const ann = someone();
    const send = async () =>
      (await fetch(app.url, { method: "POST", ...init, headers: { ...init.headers, ...ann } })).status;
    const statuses = [];
    for (let sent = 0; sent < 11; sent++) statuses.push(await send());
    expect(statuses).toEqual([...Array(10).fill(refused), 429]);
    expect(await statusOf(app, ann)).toBe(429);
  });

  test.each<[string, number, RequestInit]>([
    ["GETs", 400, { method: "GET" }],
    ["forms", 415, { headers: { "content-type": "application/x-www-form-urlencoded" }, body: "query=1" }],
    [
      "plain texts",
      415,
      { headers: { "content-type": "text/plain;charset=UTF-8" }, body: '{"query":"{ me }"}' },
    ],
  ])(
    "of a visitor is not emptied by a page of others that has his browser send %s",
    async (_what, refused, init) => {
      const ann = someone();
      const url = init.method === "GET" ? `${app.url}?query={__typename}` : app.url;
      for (let sent = 0; sent < 20; sent++) {
        const { status } = await fetch(url, {
          method: "POST",
          ...init,
          headers: { ...init.headers, ...ann },
        });
        expect(status).toBe(refused);
      }
      const { extensions } = await app.ask(null, "{ __typename }", {}, ann);
      expect(extensions.cost.throttleStatus.currentlyAvailable).toBe(979); // a point each
    },
  );

  test("is emptied by what cannot be read with anybody's token, too", async () => {
    const headers = { ...JSON_BODY, ...someone(), authorization: `Bearer ${"x".repeat(43)}` };
    const statuses = [];
    for (let sent = 0; sent < 11; sent++)
      statuses.push((await fetch(app.url, { method: "POST", headers, body: "{" })).status);
    expect(statuses).toEqual([...Array(10).fill(400), 429]);
  });

  test("is emptied by documents that cost too much, too", async () => {
    const ann = someone();
    const page = (fields: string) => `{ products(first: 100) { nodes { variants { ${fields} } } } }`;
    const { status, extensions } = await app.ask(null, page("id price { amount }"), {}, ann);
    expect([status, extensions.cost.requestedQueryCost]).toEqual([200, 501]);
    const dear = await app.ask(
      null,
      page("price { amount } image { url } product { title } selectedOptions { name }"),
      {},
      ann,
    );
    expect([dear.status, dear.codes]).toEqual([400, ["MAX_COST_EXCEEDED"]]);
    expect(dear.extensions.cost.throttleStatus.currentlyAvailable).toBe(1000 - 1 - 100);
  });

  test("of a guest that is empty turns him away before his body is read", async () => {
    const ann = someone();
    await empty(app, ann);
    const headers = { ...ann, "content-type": "application/json", "content-length": "100" };
    const request = httpRequest(app.url, { method: "POST", headers });
    request.flushHeaders(); // and no body
    const [response] = (await once(request, "response")) as [IncomingMessage];
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([429, "1"]);
    request.destroy();
  });

  test("of an account that is empty turns it away before its document is read, too", async () => {
    const { token } = await aPerson(app);
    for (let taken = 0; taken < 9; taken++) expect((await app.ask(token, HUNDRED)).status).toBe(200);
    await app.ask(token, "{ refused }");
    const { status, codes, headers } = await app.ask(token, "{ not even a document");
    expect([status, codes, headers.get("retry-after")]).toEqual([429, ["RATE_LIMITED"], "1"]);
  });

  test("is emptied by tokens that are nobody's, in which case no further one is looked up; guests there are served", async () => {
    const office = someone();
    const { token } = await aPerson(app);
    const guess = (n: number) => app.ask(`${n}`.padEnd(43, "x"), "{ __typename }", {}, office);
    const statuses = [];
    for (let sent = 0; sent < 11; sent++) statuses.push((await guess(sent)).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
    const { status, codes, headers } = await app.ask(token, "{ __typename }", {}, office);
    expect([status, codes, headers.get("retry-after")]).toEqual([429, ["RATE_LIMITED"], "1"]);
    expect(await countStatements(() => guess(11))).toBe(0);
    expect(await statusOf(app, office)).toBe(200);
    clock.advance(100);
    expect((await app.ask(token, "{ __typename }", {}, office)).status).toBe(200);
  });

  test("is nobody's who only asks how the server is, or delivers a provider's news", async () => {
    const ann = someone();
    await empty(app, ann);
    const at = async (path: string, method = "GET") =>
      (await fetch(new URL(path, app.url), { method, headers: ann })).status;
    expect(await at("/livez")).toBe(200);
    expect(await at("/webhooks/sandbox", "POST")).not.toBe(429);
    const page = await fetch(app.url, { headers: { accept: "text/html", ...ann } });
    expect([page.status, page.headers.get("content-type")]).toEqual([
      200,
      expect.stringContaining("text/html"),
    ]);
  });

  test("many at once take no more than there is", async () => {
    const ann = someone();
    const statuses = await Promise.all(Array.from({ length: 40 }, () => statusOf(app, ann)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
  });

  test("behind one proxy it is the address which that proxy saw", async () => {
    await empty(app, from("203.0.113.9"));
    expect(await statusOf(app, from("192.0.2.1, 203.0.113.9"))).toBe(429);
    expect(await statusOf(app, from("203.0.113.9, 192.0.2.1"))).toBe(200);
  });

  test("one subscriber of IPv6 holds a /64", async () => {
    await empty(app, from("2001:db8:1:2::1"));
    expect(await statusOf(app, from("2001:0DB8:0001:0002:ffff:ffff:ffff:ffff"))).toBe(429);
    expect(await statusOf(app, from("2001:db8:1:3::1"))).toBe(200);
    expect(await statusOf(app, from("::ffff:203.0.113.7"))).toBe(200);
    await empty(app, from("203.0.113.8"));
    expect(await statusOf(app, from("::ffff:203.0.113.8"))).toBe(429);
  });
});

test("without a proxy, no header makes another caller", async () => {
  const app = await start();
  await empty(app);
  for (const header of ["x-forwarded-for", "x-real-ip", "forwarded", "cf-connecting-ip", "true-client-ip"])
    expect(await statusOf(app, { [header]: "203.0.113.9" })).toBe(429);
  await app.close();
});

test("two servers share a bucket in postgres, and no address lies there in the clear", async () => {
  const first = await start({ THROTTLE: "postgres" });
  const second = await startSecondApp(first, { clock });
  const statuses = [];
  for (let taken = 0; taken < 11; taken++) statuses.push(await statusOf(taken % 2 ? first : second));
  expect(statuses).toEqual([...Array(10).fill(200), 429]);
  const rows = await first.db.throttleBucket.findMany();
  expect(rows).toHaveLength(1);
  expect(Buffer.from(rows[0]?.caller ?? []).toString("latin1")).not.toContain("127.0.0.1");
  await second.close();
  await first.close();
});

test("a database that is away is no empty bucket: 503, as everywhere, and all is well when it is back", async () => {
  const database = await createTestDatabase();
  const line = await aLineTo(database.url);
  const away = line.through(database.url);
  const app = await start({ THROTTLE: "postgres", DATABASE_URL: away, DATABASE_OWNER_URL: away });
  expect(await statusOf(app)).toBe(200);
  await line.cut();
  const { status, codes, headers } = await app.ask(null, HUNDRED);
  expect([status, codes, headers.get("retry-after")]).toEqual([503, ["SERVICE_UNAVAILABLE"], "1"]);
  await line.mend();
  expect(await statusOf(app)).toBe(200);
  await app.close();
  await line.cut();
  await database.drop();
});

test("buckets that are full again leave no rows", async () => {
  const app = await start({ THROTTLE: "postgres" });
  const sweep = () => forgetCallers.run(app.platform, new AbortController().signal);
  await app.ask(null, HUNDRED);
  await sweep();
  expect(await app.db.throttleBucket.count()).toBe(1);
  clock.advance(11_000);
  await sweep();
  expect(await app.db.throttleBucket.count()).toBe(0);
  await app.close();
});

test("switched off, nothing is refused and the cost is still told", async () => {
  const app = await start({ THROTTLE: "off" });
  await empty(app);
  const { status, extensions } = await app.ask(null, HUNDRED);
  expect([status, extensions.cost]).toEqual([200, { requestedQueryCost: 100, actualQueryCost: 100 }]);
  await app.close();
});
