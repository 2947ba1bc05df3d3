import { refuseDemoLogins, seedDemo } from "../prisma/seed";
import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await app.close();
});

const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { account { role emailVerified } userErrors { code } } }`;

test("a first start fills the shop, whoever starts at once, and a second one changes nothing", async () => {
  const { platform, db } = app;
  const [first, second] = await Promise.all([seedDemo(platform), seedDemo(platform)]);
  expect(first).toEqual(second);
  expect(first?.logins).toContain("admin@tillgraph.test");
  const counted = () =>
    Promise.all([db.product.count(), db.collection.count(), db.deliveryZone.count(), db.account.count()]);
  const [products, collections, zones, accounts] = await counted();
  expect(products).toBeGreaterThanOrEqual(60);
  expect(collections).toBeGreaterThanOrEqual(10);
  expect([zones, accounts]).toEqual([4, 3]);
  await seedDemo(platform);
  expect(await counted()).toEqual([products, collections, zones, accounts]);
  expect(await db.product.count({ where: { version: { not: 1 } } })).toBe(0);
});

test("each product has variants, a price in both currencies, pictures and collections", async () => {
  const bare = await app.db.$queryRaw`
    SELECT p.handle FROM products p WHERE
      NOT EXISTS (SELECT FROM images i WHERE i.product_id = p.id AND i.alt_text IS NOT NULL)
      OR NOT EXISTS (SELECT FROM product_collections c WHERE c.product_id = p.id)
      OR (SELECT count(*) FROM product_price_ranges r WHERE r.product_id = p.id) <> 2
      OR EXISTS (SELECT FROM variants v WHERE v.product_id = p.id AND (SELECT count(*) FROM prices c WHERE c.variant_id = v.id) <> 2)`;
  expect(bare).toEqual([]);
  const empty = await app.db.collection.findMany({ where: { products: { none: {} } } });
  expect(empty).toEqual([]);
});

test("every demo variant that can be had has at least 20 in stock", async () => {
  const scarce = await app.db.stock.findMany({
    where: { tracked: true, onHand: { gt: 0, lt: 20 } },
  });
  expect(scarce).toEqual([]);
  const half = await app.db.$queryRaw`
    SELECT p.handle FROM products p JOIN variants v ON v.product_id = p.id JOIN stocks s ON s.variant_id = v.id
    WHERE p.available AND s.tracked AND NOT s.oversell AND s.on_hand = 0`;
  expect(half).toEqual([]);
});

test.each([
  ["customer@tillgraph.test", "CUSTOMER"],
  ["customer2@tillgraph.test", "CUSTOMER"],
  ["admin@tillgraph.test", "ADMIN"],
])("%s logs in as %s", async (email, role) => {
  const { data } = await app.ask(null, LOGIN, { input: { email, password: "tillgraph-demo-2026" } });
  expect(data.login).toEqual({ account: { role, emailVerified: true }, userErrors: [] });
});

test("shoppers see the goods: search corrects, prices come in both currencies", async () => {
  const { data, errors } = await app.ask(
    null,
    `{ search(query: "hedphones") { correctedQuery totalCount nodes { title } }
       productByHandle(handle: "cafe-press") { title available eur: priceRange { min { decimal } } usd: priceRange(currency: "USD") { min { decimal } } } }`,
  );
  expect(errors).toEqual([]);
  expect(data.search.correctedQuery).toBe("headphones");
  expect(data.search.totalCount).toBeGreaterThanOrEqual(4);
  expect(data.productByHandle).toEqual({
    title: "Café Press",
    available: true,
    eur: { min: { decimal: "39.90" } },
    usd: { min: { decimal: "43.95" } },
  });
});

test("a shop with accounts of its own gets no demo admin", async () => {
  const own = await startTestApp();
  const registered = await own.ask(
    null,
    `mutation { register(input: { email: "ann@example.test", password: "a long enough passphrase" }) { userErrors { code } } }`,
  );
  expect(registered.data.register.userErrors).toEqual([]);
  expect(await seedDemo(own.platform)).toBeNull();
  expect(await own.db.account.count()).toBe(1);
  await own.close();
});

test("only prices that the shop offers are written; a shop with other money gets no goods", async () => {
  const [dollars, francs] = [
    await startTestApp({ CURRENCIES: "USD" }),
    await startTestApp({ CURRENCIES: "CHF" }),
  ];
  await seedDemo(dollars.platform);
  await seedDemo(francs.platform);
  expect(await dollars.db.price.groupBy({ by: ["currency"] })).toEqual([{ currency: "USD" }]);
  expect(await francs.db.product.count()).toBe(0);
  await dollars.close();
  await francs.close();
});

test("production does not open on a database whose demo logins are open", async () => {
  await expect(refuseDemoLogins(app.platform)).rejects.toThrow(/public.*UPDATE accounts/);
  await app.db.account.updateMany({ data: { status: "DISABLED" } });
  await expect(refuseDemoLogins(app.platform)).resolves.toBeUndefined();
});
