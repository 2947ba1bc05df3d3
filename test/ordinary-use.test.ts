import pg from "pg";
import { readId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, type ReadyCart, resultOf, tally } from "./support/checkouts";

let app: TestApp;
let mug: string;
/** Carts of guests who are still looking around, and of others who have made up their minds. */
let carts: { browsing: ReadyCart[]; buying: ReadyCart[] };
beforeAll(async () => {
  app = await startTestApp({ RESPONSE_CACHE_MB: "32" }); // as it is without settings
  await aZone(app.db);
  const [tea, other] = [
    await aProduct(app.db, { stock: 5_000 }),
    await aProduct(app.db, { title: "Mug", stock: 5_000 }),
  ];
  mug = other.variant.id;
  const fill = () => aFullCart(app.ask, null, { variantId: tea.variant.id });
  carts = { browsing: await some(60, 20, fill), buying: await some(200, 20, fill) };
});
afterAll(() => app.close());

const ADD = `mutation($input: AddCartLinesInput!) { addCartLines(input: $input) {
  cart { id lines { quantity variant { id title price { amount } } unitPrice { amount } total { amount } }
    deliveryOptions { handle price { amount } } totals { subtotal { amount } shipping { amount } total { amount } } warnings { code } blockers }
  userErrors { code message path } } }`;

/** As many as there are numbers, some at a time. */
async function some<Made>(count: number, atOnce: number, make: () => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  while (made.length < count)
    made.push(...(await Promise.all(Array.from({ length: Math.min(atOnce, count - made.length) }, make))));
  return made;
}

test("600 cart mutations and 200 checkouts at once from one address: every one is answered, and rightly", async () => {
  const add = (n: number) => {
    const cartId = carts.browsing[n % carts.browsing.length]?.id;
    return app.ask(null, ADD, { input: { cartId, lines: [{ variantId: mug }] } });
  };
  const [added, bought] = await Promise.all([
    Promise.all(Array.from({ length: 600 }, (_, n) => add(n))),
    Promise.all(carts.buying.map((cart) => checkOut(app.ask, cart))),
  ]);

  expect(tally([...added, ...bought].map(({ status }) => String(status)))).toEqual({ "200": 800 });
  expect(tally(bought.map(resultOf))).toEqual({ OK: 200 });
  expect(added.flatMap(({ codes, data }) => [...codes, ...(data?.addCartLines.userErrors ?? [])])).toEqual(
    [],
  );
  const quantities = await app.db.cartLine.groupBy({
    by: ["quantity"],
    where: { variantId: readId("var", mug) ?? "" },
    _count: true,
  });
  expect(quantities).toEqual([{ quantity: 10, _count: 60 }]);
  expect(await app.db.order.count({ where: { status: "OPEN", paymentStatus: "PAID" } })).toBe(200);
});

test("600 cart mutations at once on a slow database: every one is answered", async () => {
  const owner = new pg.Client({ connectionString: app.database.ownerUrl });
  await owner.connect();
  try {
    await owner.query(`CREATE FUNCTION slow_down() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.06); RETURN NEW; END $$;
      CREATE TRIGGER slow_down BEFORE INSERT ON carts FOR EACH ROW EXECUTE FUNCTION slow_down()`);
    const begin = () => app.ask(null, "mutation { createCart(input: {}) { cart { id } } }");
    const all = await Promise.all(Array.from({ length: 600 }, begin));
    expect(tally(all.map(({ status }) => String(status)))).toEqual({ "200": 600 });
  } finally {
    await owner.query("DROP FUNCTION slow_down CASCADE");
    await owner.end();
  }
});

const CARD = "id handle title available images { url altText } priceRange { min { amount currency } }";
const VARIANT =
  "id sku title available selectedOptions { name value } price { amount currency } compareAtPrice { amount } image { url }";
const ORDER = `id number status placedAt totals { total { amount currency } } lines { title quantity total { amount } }`;

/** What docs/decisions/0051 says of ordinary use: points before an answer is known, and how many such requests a caller has at once. */
describe("what ordinary use costs at most", () => {
  test.each<[string, string, object, number]>([
    [
      "a product's page",
      `{ productByHandle(handle: "tea") { ${CARD} descriptionHtml options { name values } collections { id title } variants { ${VARIANT} } } }`,
      {},
      17,
    ],
    [
      "a category's page of 24",
      `{ collectionByHandle(handle: "teas") { title children { id title } products(first: 24) { nodes { ${CARD} } pageInfo { hasNextPage endCursor } } } }`,
      {},
      128,
    ],
    [
      "a search page of 24 with facets",
      `{ search(query: "tea", first: 24) { totalCount nodes { ${CARD} } facets { name values { value count } } pageInfo { endCursor } } }`,
      {},
      288,
    ],
    ["suggestions as one types", '{ suggestions(prefix: "te") { text product { id title } } }', {}, 16],
    ["a line into the cart", ADD, { input: { cartId: "cart_x", lines: [] } }, 37],
    ["an account's orders", `{ me { orders(first: 20) { nodes { ${ORDER} } } } }`, {}, 182],
    [
      "a product saved by the staff",
      `mutation($input: SaveProductInput!) { saveProduct(input: $input) { product { id version variants { id sku } } userErrors { code path } } }`,
      { input: {} },
      15,
    ],
    [
      "an export's page of 100",
      `{ products(first: 100) { edges { cursor node { ${CARD} tags variants { ${VARIANT} } } } } }`,
      {},
      1_601,
    ],
  ])("%s", async (_what, document, variables, points) => {
    const { extensions } = await app.ask(null, document, variables);
    expect(extensions.cost.requestedQueryCost).toBe(points);
  });
});
