import { randomUUID } from "node:crypto";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone, unique } from "./support/builders";
import { countStatements } from "./support/count-statements";
import { ordersOf } from "./support/orders";
import { aPerson, type Person } from "./support/person";

let app: TestApp;
let ann: Person;
let bob: Person;
let staff: Person;
let tea: Awaited<ReturnType<typeof aProduct>>;
let anOrder: ReturnType<typeof ordersOf>;
beforeAll(async () => {
  app = await startTestApp();
  await aZone(app.db);
  tea = await aProduct(app.db, { sku: `TEA-${unique()}`, stock: 1_000 });
  anOrder = ordersOf(app, tea.variant.id);
  [ann, bob, staff] = [await aPerson(app), await aPerson(app), await aPerson(app, "STAFF")];
});
afterAll(async () => {
  await app.close();
});

const LIST = `query($first: Int, $after: String, $status: OrderStatus, $paymentStatus: PaymentStatus, $query: String) {
  orders(first: $first, after: $after, status: $status, paymentStatus: $paymentStatus, query: $query) {
    nodes { id number } pageInfo { hasNextPage endCursor } totalCount } }`;
const list = async (variables: object, token: string | null = staff.token) => app.ask(token, LIST, variables);
const idsOf = async (variables: object) => {
  const { data } = await list(variables);
  expect(data.orders.totalCount).toBe(data.orders.nodes.length);
  return data.orders.nodes.map((order: { id: string }) => order.id);
};

test("staff find orders by number, exact e-mail address or SKU, and by status", async () => {
  const paid = await anOrder(null);
  expect(await idsOf({ query: paid.number })).toEqual([paid.id]);
  expect(await idsOf({ query: ` #${paid.number} ` })).toEqual([paid.id]);
  expect(await idsOf({ query: paid.email.toUpperCase() })).toEqual([paid.id]);
  expect(await idsOf({ query: tea.variant.sku, first: 100 })).toContain(paid.id);
  expect(await idsOf({ query: paid.number, status: "PENDING" })).toEqual([]);
  expect(await idsOf({ query: paid.number, status: "OPEN", paymentStatus: "PAID" })).toEqual([paid.id]);
  for (const query of [
    paid.email.slice(1),
    "9".repeat(18),
    "9".repeat(30),
    "a\u0000b",
    "%",
    "' OR 1=1 --",
    "x".repeat(10_000),
    "\ud800",
  ])
    expect(await idsOf({ query })).toEqual([]);
});

test("orders come newest first, each once, page by page; so do one's own", async () => {
  const dora = await aPerson(app);
  const placed = [];
  for (const _ of [1, 2, 3, 4, 5]) placed.unshift((await anOrder(dora)).id);
  const MINE = `query($first: Int, $after: String) { me { orders(first: $first, after: $after) {
    edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount } } }`;
  const seen: string[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { data } = await app.ask(dora.token, MINE, { first: 2, after });
    const page = data.me.orders;
    expect(page.totalCount).toBe(5);
    seen.push(...page.nodes.map((order: { id: string }) => order.id));
    [after, more] = [page.pageInfo.endCursor, page.pageInfo.hasNextPage];
  }
  expect(seen).toEqual(placed);
  const all = await list({ first: 3 });
  expect(all.data.orders.nodes.map((order: { id: string }) => order.id)).toEqual(placed.slice(0, 3));
  expect((await app.ask(bob.token, MINE)).data.me.orders).toMatchObject({ nodes: [], totalCount: 0 });
});

test("a page or cursor that the list doesn't have is BAD_USER_INPUT", async () => {
  const cursor = (key: unknown) => Buffer.from(JSON.stringify(key)).toString("base64url");
  const uuid = randomUUID();
  const cursors = [
    "x",
    "",
    cursor(["a", uuid]),
    cursor([-1e15, uuid]),
    cursor([9e15, uuid]),
    cursor([1, "x"]),
    cursor([null, uuid]),
  ];
  for (const variables of [
    { first: 0 },
    { first: -1 },
    { first: 101 },
    ...cursors.map((after) => ({ after })),
  ])
    expect((await list(variables)).codes).toEqual(["BAD_USER_INPUT"]);
});

test("the list of all orders is staff's", async () => {
  expect((await list({}, null)).codes).toEqual(["UNAUTHENTICATED"]);
  expect((await list({}, ann.token)).codes).toEqual(["FORBIDDEN"]);
});

test("a list of orders costs the same statements however long it is", async () => {
  const erin = await aPerson(app);
  for (const person of [erin, null, erin, ann, erin])
    await anOrder(person, { token: "sandbox:success", save: person !== null });
  const nodes = `nodes { email shippingAddress { city } account { email paymentMethods { id } } lines { title variant { sku product { title } } }
    payments { captured { amount } operations { status } } events { type } } totalCount`;
  for (const [token, list] of [
    [staff.token, "orders"],
    [erin.token, "me { orders"],
  ] as const) {
    const ask = async (first: number) => {
      const { errors } = await app.ask(
        token,
        `{ ${list}(first: ${first}) { ${nodes} } ${list === "orders" ? "" : "}"} }`,
      );
      expect(errors).toEqual([]);
    };
    await ask(1);
    expect(await countStatements(() => ask(5))).toBe(await countStatements(() => ask(1)));
  }
});
