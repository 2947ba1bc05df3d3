import { setTimeout as wait } from "node:timers/promises";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart } from "./support/checkouts";
import { holdTable } from "./support/hold-table";

/** Reads that a server with two connections lets in. */
const AT_WORK = 8;
/** Mutations that any server lets in. */
const MUTATIONS = 64;
/** How many of each kind may wait. */
const QUEUE = 100;
/** So long a burst of reads is waited for. */
const BURST_MS = 5_000;
const LOOK = "{ collections(first: 5) { nodes { id } } }";
const CART = "query ($id: ID!) { cart(id: $id) { id } }";
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({
    ...{ DATABASE_POOL: "2", QUEUE_LIMIT: String(QUEUE) },
    ...{ TRUST_PROXY: "1", RESPONSE_CACHE_MB: "0" },
  });
  await aZone(app.db);
});
afterAll(() => app.close());

test.each([
  {
    when: "nobody has been let in for longer than a burst takes",
    from: "come from an address each",
    addressOf: (buyer: number) => `192.0.2.${buyer}`,
    after: BURST_MS + 1_000, // the last of them is in line a second after it was sent at the latest, however busy the machine
  },
  {
    when: "a connection has long been waited for",
    from: "all come from one address",
    addressOf: () => "192.0.2.254",
    after: 1_500, // half a second is long
  },
])(
  "when $when, of buyers who $from whoever looks around is told no at once, and a cart on its way to paying is waited for",
  async ({ addressOf, after }) => {
    const { variant } = await aProduct(app.db);
    const { id } = await aFullCart(app.ask, null, { variantId: variant.id });
    let buyers = 0;
    const from = () => ({ "x-forwarded-for": addressOf(++buyers) });
    const read = () => app.ask(null, CART, { id }, from());
    const look = () => app.ask(null, LOOK, {}, from());

    const sleep = `${after + 1_000} ms`;
    const taken = Array.from({ length: 2 }, () =>
      app.db.$transaction(async (tx) => tx.$queryRaw`SELECT pg_sleep_for(${sleep}::interval)::text`),
    );
    await wait(100); // both connections are
    const reads = Array.from({ length: AT_WORK + 16 }, read);
    const early = look();
    await wait(after);
    const late = read();
    const began = performance.now();
    const { status, headers } = await look();
    const took = performance.now() - began;
    await Promise.all(taken);
    expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
    expect(took).toBeLessThan(900); // before anybody's turn comes
    expect([(await late).status, (await early).status]).toEqual([200, 200]);
    await Promise.all(reads);
  },
);

test("of those in line, who asks for little goes before an address that takes most places, and of either who is on his way to paying before who looks around", async () => {
  const { variant } = await aProduct(app.db);
  const { id } = await aFullCart(app.ask, null, { variantId: variant.id });
  let others = 0;
  const crowd = () => "192.0.2.254";
  const other = () => `198.51.100.${++others}`;
  const answered: string[] = [];
  const ask = async (name: string, document: string, address: string) => {
    await app.ask(null, document, { id }, { "x-forwarded-for": address });
    answered.push(name);
  };

  const table = await holdTable(app.database, "carts");
  const all = Array.from({ length: AT_WORK }, () => ask("at work", CART, crowd()));
  await wait(50);
  // The last ones of the line come first.
  for (const [name, document, address] of [
    ["crowd looks", LOOK, crowd],
    ["looks", LOOK, other],
    ["crowd pays", CART, crowd],
    ["pays", CART, other],
  ] as const) {
    for (let one = 0; one < 2 * AT_WORK; one++) all.push(ask(name, document, address()));
    await wait(50); // on the way; and all of them are in line before the load counts as high
  }
  await table.release();
  await Promise.all(all);
  const placeOf = (name: string) =>
    answered.reduce((sum, each, place) => sum + (each === name ? place : 0), 0);
  const inOrder = (...names: string[]) =>
    expect(names.toSorted((one, next) => placeOf(one) - placeOf(next))).toEqual(names);
  inOrder("at work", "pays", "looks", "crowd looks");
  inOrder("at work", "pays", "crowd pays", "crowd looks");
});

test("an address that asks for more carts than may wait keeps nobody else out who looks around", async () => {
  const { variant } = await aProduct(app.db);
  const { id } = await aFullCart(app.ask, null, { variantId: variant.id });
  const table = await holdTable(app.database, "carts");
  const crowd = Array.from({ length: AT_WORK + 3 * QUEUE }, () => app.ask(null, CART, { id }));
  await Promise.race(crowd); // its line is full: one of it was refused
  const other = app.ask(null, LOOK, {}, { "x-forwarded-for": "203.0.113.5" });
  await wait(100);
  await table.release();
  expect((await other).status).toBe(200);
  const statuses = (await Promise.all(crowd)).map(({ status }) => status);
  expect(statuses).toContain(503);
});

test("an address that sends more mutations than may wait keeps nobody else's out", async () => {
  const { variant } = await aProduct(app.db);
  const { id: cartId } = await aFullCart(app.ask, null, { variantId: variant.id });
  const change = `mutation ($cartId: ID!) { updateCart(input: { cartId: $cartId, email: "a@example.test" }) { cart { id } } }`;
  const table = await holdTable(app.database, "carts");
  const crowd = Array.from({ length: MUTATIONS + 3 * QUEUE }, () => app.ask(null, change, { cartId }));
  await Promise.race(crowd); // its lines are full: one of it was refused
  const other = app.ask(null, change, { cartId }, { "x-forwarded-for": "203.0.113.6" });
  await wait(100);
  await table.release();
  expect((await other).status).toBe(200);
  const statuses = (await Promise.all(crowd)).map(({ status }) => status);
  expect(statuses).toContain(503);
});

test("of large bodies only so many wait as the server can keep; small ones wait beside them", async () => {
  const { variant } = await aProduct(app.db);
  const { id } = await aFullCart(app.ask, null, { variantId: variant.id });
  const table = await holdTable(app.database, "carts");
  const large = { id, unused: "x".repeat(100_000) };
  const all = Array.from({ length: AT_WORK + 60 }, () => app.ask(null, CART, large)); // on the way to paying, so that they wait however long the machine takes to send them all
  const { status } = await Promise.race(all);
  const small = app.ask(null, CART, { id });
  await wait(100);
  await table.release();
  expect([status, (await small).status]).toEqual([503, 200]);
  const answered = (await Promise.all(all)).filter((answer) => answer.status === 200);
  expect(answered.length).toBeGreaterThan(AT_WORK + 15); // two megabytes
  expect(answered.length).toBeLessThan(AT_WORK + 30);
});
