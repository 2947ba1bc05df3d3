import { startTestApp, type TestApp } from "./support/app";
import { unique } from "./support/builders";
import { aShopkeeper, type Shopkeeper } from "./support/listing";
import { eur, savesOf } from "./support/saves";

let app: TestApp;
let keeper: Shopkeeper;
beforeAll(async () => {
  app = await startTestApp();
  keeper = await aShopkeeper(app);
});
afterAll(async () => {
  await app.close();
});
const { save, saved } = savesOf(
  () => app,
  () => keeper.token,
);

describe("changes what is given and nothing else", () => {
  test("left out stays, null removes, lists replace; an unchanged save changes nothing", async () => {
    const [first, second] = [unique(), unique()];
    const made = await saved({
      title: "Mug",
      vendor: "Kiln",
      tags: ["a", "b"],
      images: [{ url: "https://x.test/1.png" }],
      variants: [{ sku: first, price: eur(900), compareAtPrice: eur(1200), stock: 5 }],
    });
    expect(made).toMatchObject({
      status: "DRAFT",
      version: 1,
      variants: [{ sku: first, title: "Default", stock: 5 }],
    });
    const { id } = made;
    const same = {
      id,
      title: "Mug",
      tags: ["a", "b"],
      variants: [{ sku: first, price: eur(900), stock: 5 }],
    };
    expect(await saved(same)).toEqual(made);
    expect(await app.db.outboxEvent.count({ where: { type: "product.saved" } })).toBeGreaterThan(0);
    const changed = await saved({
      id,
      vendor: null,
      tags: ["c"],
      images: [],
      expectedVersion: 1,
      variants: [{ id: made.variants[0].id, sku: second, price: eur(950), compareAtPrice: null }],
    });
    expect(changed).toMatchObject({ title: "Mug", vendor: null, tags: ["c"], images: [], version: 2 });
    expect(changed.variants).toMatchObject([
      { id: made.variants[0].id, sku: second, price: { amount: 950 }, compareAtPrice: null, stock: 5 },
    ]);
    expect(changed.priceRange).toEqual({ min: { amount: 950 }, max: { amount: 950 } });
  });

  test("a price replaces the one in its currency alone", async () => {
    const { id } = await saved({ title: "Two prices", variants: [{ price: eur(100) }] });
    await saved({ id, variants: [{ price: { amount: 120, currency: "USD" } }] });
    expect((await saved({ id, variants: [{ price: eur(110) }] })).variants).toMatchObject([
      { price: { amount: 110 }, dollars: { amount: 120 } },
    ]);
  });

  test("handles come from titles and stay unique; a known handle is that product", async () => {
    const title = `Käse ${unique()}`;
    const [one, two] = [await saved({ title }), await saved({ title })];
    expect(two.handle).toBe(`${one.handle}-2`);
    expect((await saved({ handle: one.handle, title: "Renamed" })).id).toBe(one.id);
    expect((await saved({ handle: "日本茶", title: "Sencha" })).handle).toBe("日本茶");
    expect((await saved({ title: "お茶" })).handle).toMatch(/^product/);
  });
});

describe("at once", () => {
  test("ten products want one SKU: one gets it, the others hear that it is taken", async () => {
    const sku = unique();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => save({ title: unique(), variants: [{ sku, price: eur(1) }] })),
    );
    const refused = answers.flatMap(({ userErrors }) => userErrors);
    expect(refused).toEqual(Array(9).fill({ code: "SKU_TAKEN", path: ["variants", "0", "sku"] }));
  });

  test("ten products of one title get ten handles", async () => {
    const title = unique();
    const answers = await Promise.all(Array.from({ length: 10 }, () => save({ title })));
    expect(new Set(answers.map(({ product }) => product.handle)).size).toBe(10);
  });

  test("ten changes of one version: one is made", async () => {
    const { id } = await saved({ title: "Contended" });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => save({ id, title: `Winner ${i}`, expectedVersion: 1 })),
    );
    expect(answers.filter(({ product }) => product)).toHaveLength(1);
  });

  test("the same save again with its Idempotency-Key creates nothing", async () => {
    const headers = { "idempotency-key": unique().padEnd(8, "0") };
    const title = `Once ${unique()}`;
    const [one, two] = [await save({ title }, headers), await save({ title }, headers)];
    expect(two.product.id).toBe(one.product.id);
    expect(await app.db.product.count({ where: { title } })).toBe(1);
  });

  test("two mutations in one document each show what they wrote", async () => {
    const { id } = await saved({ title: "Before" });
    const { data } = await app.ask(
      keeper.token,
      `mutation($id: ID!) { a: saveProduct(input: { id: $id, title: "A" }) { product { title } } b: saveProduct(input: { id: $id, title: "B" }) { product { title } } }`,
      { id },
    );
    expect(data).toEqual({ a: { product: { title: "A" } }, b: { product: { title: "B" } } });
  });
});
