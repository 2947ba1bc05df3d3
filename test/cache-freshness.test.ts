import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { importProducts } from "../src/catalog";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, resultOf } from "./support/checkouts";
import { KEEPING, LIST, untilKept, wasKept } from "./support/kept";
import { aPerson, type Person } from "./support/person";
import { eur, savesOf } from "./support/saves";
import { type SecondApp, startSecondApp } from "./support/second-app";

jest.setTimeout(30_000);

let app: TestApp;
let other: SecondApp;
let staff: Person;
beforeAll(async () => {
  app = await startTestApp({ ...KEEPING, THROTTLE: "off" });
  other = await startSecondApp(app);
  await aZone(app.db);
  staff = await aPerson(app, "STAFF");
});
afterAll(async () => {
  await other.close();
  await app.close();
});
const { saved } = savesOf(
  () => app,
  () => staff.token,
);

const PRODUCT =
  "query($handle: String!) { productByHandle(handle: $handle) { title available variants { available } } products { totalCount } }";
/** Longer than a notification ever takes here, shorter than what is kept lives. */
const SOON_MS = 1_000;

/** Asks a server until the product is `like` this. @returns milliseconds it took */
async function until(ask: TestApp["ask"], handle: string, like: object): Promise<number> {
  const from = performance.now();
  for (;;) {
    const { data } = await ask(null, PRODUCT, { handle });
    const took = performance.now() - from;
    try {
      expect(data.productByHandle).toMatchObject(like);
      return took;
    } catch (error) {
      if (took > SOON_MS) throw error;
      await wait(1);
    }
  }
}

const keptByBoth = (handle: string) =>
  Promise.all([untilKept(app.ask, PRODUCT, { handle }), untilKept(other.ask, PRODUCT, { handle })]);

test("the server that saves a product answers with it from then on, a hundred times, whoever reads beside it", async () => {
  const { id, handle } = await saved({ title: "Tea 0", status: "ACTIVE", variants: [{ price: eur(500) }] });
  let done = false;
  const reading = Array.from({ length: 2 }, async () => {
    while (!done) await app.ask(null, PRODUCT, { handle });
  });
  let kept = 0;
  try {
    for (let round = 1; round <= 100; round++) {
      await saved({ id, title: `Tea ${round}` });
      const answers = await Promise.all([1, 2].map(() => app.ask(null, PRODUCT, { handle })));
      for (const { data } of answers) expect(data.productByHandle.title).toBe(`Tea ${round}`);
      kept += wasKept(await app.ask(null, PRODUCT, { handle })) ? 1 : 0;
    }
  } finally {
    done = true;
    await Promise.all(reading);
  }
  expect(kept).toBeGreaterThan(50); // what was read was kept answers, not new ones all the time
});

test("another server on the same database answers with it within moments", async () => {
  const { id, handle } = await saved({ title: "Mint 0", status: "ACTIVE", variants: [{ price: eur(500) }] });
  for (let round = 1; round <= 20; round++) {
    await keptByBoth(handle);
    await saved({ id, title: `Mint ${round}` });
    await until(other.ask, handle, { title: `Mint ${round}` });
  }
});

test("the last one that is sold is not available any more, nor when it comes back is it sold out", async () => {
  const { variant, uuid } = await aProduct(app.db, { stock: 2 });
  const { handle } = await app.db.product.findUniqueOrThrow({ where: { id: uuid } });
  const [first, second] = [
    await aFullCart(app.ask, null, { variantId: variant.id }),
    await aFullCart(app.ask, null, { variantId: variant.id }),
  ];
  const shown = async () => (await app.ask(null, PRODUCT, { handle })).data.productByHandle;

  await keptByBoth(handle);
  expect(resultOf(await checkOut(app.ask, first))).toBe("OK");
  expect(wasKept(await app.ask(null, PRODUCT, { handle }))).toBe(true); // one of two: nothing that a guest sees
  const last = await checkOut(app.ask, second);
  expect(await shown()).toMatchObject({ available: false, variants: [{ available: false }] });
  await until(other.ask, handle, { available: false });

  await keptByBoth(handle);
  const orderId = last.data.checkout.order.id;
  const CANCEL =
    "mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { order { status } userErrors { code } } }";
  const { data } = await app.ask(
    staff.token,
    CANCEL,
    { input: { orderId } },
    { "idempotency-key": `cancel-${uuid}` },
  );
  expect(data.cancelOrder).toMatchObject({ order: { status: "CANCELLED" }, userErrors: [] });
  expect(await shown()).toMatchObject({ available: true });
  await until(other.ask, handle, { available: true });
});

test("what staff do to stock, prices and collections shows at once", async () => {
  const { id, handle, variants } = await saved({
    title: "Oolong",
    status: "ACTIVE",
    variants: [{ price: eur(500), stock: 3 }],
  });
  const READ = `query($handle: String!) { productByHandle(handle: $handle) { available priceRange { min { amount } } collections { title } variants { available } } products { totalCount } }`;
  const shown = async () => (await app.ask(null, READ, { handle })).data.productByHandle;
  const done = async (document: string, input: object) => {
    await untilKept(app.ask, READ, { handle });
    const { data } = await app.ask(staff.token, document, { input });
    const [payload] = Object.values(data) as { userErrors: object[] }[];
    expect(payload?.userErrors).toEqual([]);
    return payload;
  };
  await done("mutation($input: SetStockInput!) { setStock(input: $input) { userErrors { code } } }", {
    variantId: variants[0].id,
    quantity: 0,
  });
  expect(await shown()).toMatchObject({ available: false });
  await done("mutation($input: AdjustStockInput!) { adjustStock(input: $input) { userErrors { code } } }", {
    variantId: variants[0].id,
    delta: 5,
    reason: "found",
  });
  expect(await shown()).toMatchObject({ available: true });
  const made = (await done(
    "mutation($input: SaveCollectionInput!) { saveCollection(input: $input) { collection { id } userErrors { code } } }",
    { title: "Warm drinks" },
  )) as unknown as { collection: { id: string } };
  await untilKept(app.ask, READ, { handle });
  await saved({
    id,
    collectionIds: [made.collection.id],
    variants: [{ id: variants[0].id, price: eur(900) }],
  });
  expect(await shown()).toMatchObject({
    collections: [{ title: "Warm drinks" }],
    priceRange: { min: { amount: 900 } },
  });
});

test("an import shows, though no server of the shop did it", async () => {
  const load = (title: string) => {
    const text = `Handle,Title,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\nsencha,${title},5.00,shopify,3\n`;
    return importProducts(app.platform, Readable.from([text]));
  };
  await load("Sencha");
  await keptByBoth("sencha");
  await load("Better Sencha");
  await until(app.ask, "sencha", { title: "Better Sencha" });
  await until(other.ask, "sencha", { title: "Better Sencha" });
});

test("while a server hears of no changes it keeps nothing, and keeps again when it does", async () => {
  const { id, handle } = await saved({ title: "Assam 0", status: "ACTIVE", variants: [{ price: eur(500) }] });
  for (let round = 1; round <= 3; round++) {
    await keptByBoth(handle);
    await app.db.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'tillgraph notifications' AND datname = current_database()`;
    await saved({ id, title: `Assam ${round}` });
    const { data } = await app.ask(null, PRODUCT, { handle });
    expect(data.productByHandle.title).toBe(`Assam ${round}`);
    await until(other.ask, handle, { title: `Assam ${round}` });
  }
  const { data } = await untilKept(other.ask, PRODUCT, { handle });
  expect(data.productByHandle.title).toBe("Assam 3");
});

test("what changes nothing that a guest sees leaves what is kept alone", async () => {
  const { variant } = await aProduct(app.db, { stock: 50 });
  const cart = await aFullCart(app.ask, null, { variantId: variant.id, quantity: 2 });
  await untilKept(app.ask, LIST, { n: 2 });
  expect(resultOf(await checkOut(app.ask, cart))).toBe("OK");
  expect(wasKept(await app.ask(null, LIST, { n: 2 }))).toBe(true);
});
