import { setTimeout as wait } from "node:timers/promises";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart } from "./support/checkouts";
import { holdTable } from "./support/hold-table";

/** Reads that a server with two connections lets in. */
const AT_WORK = 8;
/** So long a burst of reads is waited for. */
const BURST_MS = 5_000;
const LOOK = "{ collections(first: 5) { nodes { id } } }";
const CART = "query ($id: ID!) { cart(id: $id) { id } }";
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ DATABASE_POOL: "2", TRUST_PROXY: "1", RESPONSE_CACHE_MB: "0" });
  await aZone(app.db);
});
afterAll(() => app.close());

test.each([
  ["who come from an address each", (buyer: number) => `192.0.2.${buyer}`],
  ["who all come from one address", () => "192.0.2.254"],
])(
  "when nobody has been let in for longer than a burst takes, of buyers %s whoever looks around is told no at once, and a cart on its way to paying is waited for",
  async (_from, addressOf) => {
    const { variant } = await aProduct(app.db);
    const { id } = await aFullCart(app.ask, null, { variantId: variant.id });
    let buyers = 0;
    const from = () => ({ "x-forwarded-for": addressOf(++buyers) });
    const read = () => app.ask(null, CART, { id }, from());
    const look = () => app.ask(null, LOOK, {}, from());

    const table = await holdTable(app.database, "carts");
    const reads = Array.from({ length: AT_WORK + 16 }, read); // whose connections are given up after two seconds, and the next two begin
    const early = look();
    await wait(BURST_MS + 200);
    const late = read();
    const began = performance.now();
    const { status, headers } = await look();
    const took = performance.now() - began;
    await table.release();
    expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
    expect(took).toBeLessThan(1_000); // the machine may be late, but nobody waits in line
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
