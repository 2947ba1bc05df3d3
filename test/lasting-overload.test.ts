import { setTimeout as wait } from "node:timers/promises";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart } from "./support/checkouts";
import { holdTable } from "./support/hold-table";

/** Reads that a server with two connections lets in. */
const AT_WORK = 4;
/** So long a burst of reads is waited for. */
const BURST_MS = 5_000;
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
    const read = () => app.ask(null, "query ($id: ID!) { cart(id: $id) { id } }", { id }, from());
    const look = () => app.ask(null, "{ collections(first: 5) { nodes { id } } }", {}, from());

    const table = await holdTable(app.database, "carts");
    const reads = Array.from({ length: 5 * AT_WORK }, read); // those at work are given up after two seconds, and the next ones begin
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
