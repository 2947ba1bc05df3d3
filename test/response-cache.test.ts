import { request } from "node:http";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { KEEPING, LIST, untilKept, wasKept } from "./support/kept";
import { aPerson, type Person } from "./support/person";

let app: TestApp;
let staff: Person;
let customer: Person;
beforeAll(async () => {
  app = await startTestApp(KEEPING);
  await aZone(app.db);
  staff = await aPerson(app, "STAFF");
  customer = await aPerson(app);
  await aProduct(app.db, { title: "Green tea", prices: { EUR: 500n, USD: 700n } });
  await aProduct(app.db, { title: "Black tea", variants: [{ title: "Loose" }, { title: "Bags" }] });
});
afterAll(async () => {
  await app.close();
});

test("a guest's answer is kept for other guests: the same data, headers of his own, at no cost", async () => {
  const first = await app.ask(null, LIST, { n: 7 });
  const kept = await untilKept(app.ask, LIST, { n: 7 });
  expect(kept.data).toEqual(first.data);
  expect(first.extensions.cost.actualQueryCost).toBeGreaterThan(0);
  expect(kept.extensions.cost).toMatchObject({ requestedQueryCost: 0, actualQueryCost: 0 });
  const again = await app.ask(null, LIST, { n: 7 }, { "x-request-id": "mine-and-new" });
  const left = (answer: typeof again) => answer.extensions.cost.throttleStatus.currentlyAvailable;
  expect(left(again)).toBeLessThanOrEqual(left(kept) + 500); // some was restored, and a point was taken
  expect(again.headers.get("x-request-id")).toBe("mine-and-new");
  const shown = (answer: typeof again) =>
    Object.fromEntries(
      [...answer.headers].filter(([name]) => !/^(date|x-request-id|content-length)$/.test(name)),
    );
  expect(shown(again)).toEqual(shown(first));
});

test.each([
  ["other variables", LIST, { n: 1 }, {}],
  [
    "another currency",
    '{ products { nodes { title priceRange(currency: "USD") { min { amount currency } } } } }',
    {},
    {},
  ],
  ["another media type", LIST, { n: 7 }, { accept: "application/graphql-response+json" }],
])("%s have an answer of their own", async (_what, document, variables, headers) => {
  await untilKept(app.ask, LIST, { n: 7 });
  const other = await app.ask(null, document, variables, headers);
  expect(wasKept(other)).toBe(false);
  const accept = headers as { accept?: string };
  expect(other.headers.get("content-type")).toContain(accept.accept ?? "application/json");
  const second = await app.ask(null, document, variables, headers);
  expect([wasKept(second), second.data]).toEqual([true, other.data]);
});

test("who signs in neither gets a kept answer nor leaves one, and a bad token is refused", async () => {
  const DRAFTS = "{ products(first: 50) { nodes { id title status } } }";
  await aProduct(app.db, { title: "Secret tea", status: "DRAFT" });
  for (const { token } of [staff, customer, staff]) {
    expect(wasKept(await app.ask(token, DRAFTS))).toBe(false);
    expect(wasKept(await app.ask(token, LIST, { n: 7 }))).toBe(false);
  }
  const guest = await app.ask(null, DRAFTS);
  expect(wasKept(guest)).toBe(false);
  expect(JSON.stringify(guest.data)).not.toContain("Secret");
  await untilKept(app.ask, DRAFTS);
  expect((await app.ask("a".repeat(43), DRAFTS)).status).toBe(401);
  expect(wasKept(await app.ask(staff.token, DRAFTS))).toBe(false);
});

test.each([
  ["what is not the catalogue's", "{ shop { name currencies } products { nodes { id } } }"],
  ["what depends on who asks", "{ viewer: me { id } products { nodes { id } } }"],
  ["a refused field", "{ products { nodes { id variants { stock } } } }"],
  ["a bad argument", "{ products(first: 0) { nodes { id } } }"],
  ["a node of any kind", '{ node(id: "prod_00000000000000000000000000") { id } products { nodes { id } } }'],
  ["the schema", "{ __schema { types { name } } products { nodes { id } } }"],
])("%s is not kept", async (_what, document) => {
  await untilKept(app.ask);
  await app.ask(null, document);
  const { extensions, codes } = await app.ask(null, document);
  expect(extensions?.cost.actualQueryCost === 0 && codes.length === 0).toBe(false);
});

test("a mutation in the same document is not answered from what is kept", async () => {
  const BOTH = `query List { products { nodes { id title } } } mutation Fill { createCart(input: {}) { cart { id } } }`;
  const asked = async (operationName: string) => {
    const response = await fetch(app.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: BOTH, operationName }),
    });
    return (await response.json()) as { data: { createCart?: { cart: { id: string } } } };
  };
  await asked("List");
  const [one, other] = [await asked("Fill"), await asked("Fill")];
  expect(one.data.createCart?.cart.id).toBeDefined();
  expect(one.data.createCart?.cart.id).not.toBe(other.data.createCart?.cart.id);
});

test("headers that a guest makes up change nobody else's answer", async () => {
  const made = { "x-forwarded-host": "evil.test", "x-forwarded-for": "10.0.0.1", "accept-language": "de" };
  const poisoned = await app.ask(null, LIST, { n: 3 }, { ...made, origin: "https://evil.test" });
  expect(poisoned.headers.get("access-control-allow-origin")).toBeNull();
  const page = await app.ask(null, LIST, { n: 3 }, { origin: "http://localhost:5173" });
  const plain = await app.ask(null, LIST, { n: 3 });
  expect([wasKept(page), wasKept(plain)]).toEqual([true, true]);
  expect(page.headers.get("access-control-allow-origin")).toBe("http://localhost:5173");
  expect(plain.headers.get("access-control-allow-origin")).toBeNull();
  expect(plain.data).toEqual(poisoned.data);
  expect(JSON.stringify(plain.data)).not.toContain("evil");
});

test("another path to the same document, or a body that is no JSON, is refused as ever", async () => {
  await untilKept(app.ask, LIST, { n: 7 });
  const body = JSON.stringify({ query: LIST, variables: { n: 7 } });
  const sent = async (path: string, type = "application/json") =>
    new Promise<number>((done, fail) => {
      const { hostname, port } = new URL(app.url);
      const headers = { "content-type": type, "content-length": Buffer.byteLength(body) };
      request({ hostname, port, path, method: "POST", headers }, (answer) => {
        answer.resume();
        done(answer.statusCode ?? 0);
      })
        .on("error", fail)
        .end(body);
    });
  expect(await sent("/%67raphql")).toBe(404);
  expect(await sent("/graphql", "text/plain")).toBe(415);
  expect(await sent("/graphql", "application/json; charset=utf-7")).toBe(415);
  expect(await sent("/graphql")).toBe(200);
});

test("whoever has no points left is refused, also what is kept", async () => {
  const now = new Date();
  const settings = { ...KEEPING, THROTTLE_BUCKET: "1000", THROTTLE_RESTORE_RATE: "100" };
  const poor = await startTestApp(settings, { clock: { now: () => now } }); // nothing is restored
  try {
    await aProduct(poor.db);
    await untilKept(poor.ask);
    for (let asked = 0; asked < 12; asked++) await poor.ask(null, "{ nothing }"); // a hundred points each
    const { status, codes } = await poor.ask(null, LIST);
    expect([status, codes]).toEqual([429, ["RATE_LIMITED"]]);
  } finally {
    await poor.close();
  }
});

test("a server that leaves ends connections with kept answers, too", async () => {
  const leaving = await startTestApp(KEEPING);
  await aProduct(leaving.db, { variants: [{ title: "Loose" }, { title: "Bags" }] });
  await untilKept(leaving.ask);
  const left = leaving.app.leave();
  const answer = await leaving.ask(null, LIST);
  expect([wasKept(answer), answer.headers.get("connection")]).toEqual([true, "close"]);
  await left;
  await leaving.close();
});

test("without memory for it, nothing is kept", async () => {
  const off = await startTestApp({ RESPONSE_CACHE_MB: "0" });
  await aProduct(off.db, { variants: [{ title: "Loose" }, { title: "Bags" }] });
  for (let round = 0; round < 5; round++) expect(wasKept(await off.ask(null, LIST))).toBe(false);
  await off.close();
});
