import { startTestApp, type TestApp } from "./support/app";
import { aProduct, unique } from "./support/builders";
import { aShopkeeper, type Shopkeeper } from "./support/listing";
import { aPerson } from "./support/person";
import { expectBooksInOrder } from "./support/verify";

let app: TestApp;
let keeper: Shopkeeper;
beforeAll(async () => {
  app = await startTestApp();
  keeper = await aShopkeeper(app);
});
afterAll(async () => {
  await expectBooksInOrder(app.platform);
  await app.close();
});

const SAVE = `mutation($input: SaveProductInput!) { saveProduct(input: $input) {
  product { id handle title vendor tags status version updatedAt available images { url } options { name values }
    priceRange { min { amount } max { amount } }
    variants { id sku title stock available selectedOptions { value } price { amount } compareAtPrice { amount } dollars: price(currency: "USD") { amount } } }
  userErrors { code path } } }`;
const save = async (input: object, headers = {}) =>
  (await app.ask(keeper.token, SAVE, { input }, headers)).data.saveProduct;
const saved = async (input: object) => {
  const { product, userErrors } = await save(input);
  expect(userErrors).toEqual([]);
  return product;
};
const eur = (amount: number) => ({ amount, currency: "EUR" });
const size = (value: string, more: object = {}) => ({
  selectedOptions: [{ name: "Size", value }],
  price: eur(1000),
  ...more,
});

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

describe("variants", () => {
  test("are matched by id, then SKU, then options; the missing ones are archived and come back as they were", async () => {
    const [a, b] = [unique(), unique()];
    const made = await saved({
      title: "Shirt",
      status: "ACTIVE",
      variants: [size("S", { sku: a, stock: 1 }), size("M", { sku: b, stock: 2 }), size("L", { stock: 3 })],
    });
    const [s, m, l] = made.variants;
    const next = await saved({
      id: made.id,
      variants: [size("XL", { id: s.id }), size("XXL", { sku: b }), size("L")],
    });
    expect(next.variants).toMatchObject([
      { id: s.id, title: "XL", sku: a, stock: 1 },
      { id: m.id, title: "XXL", stock: 2 },
      { id: l.id, title: "L", stock: 3 },
    ]);
    const only = await saved({ id: made.id, variants: [size("L", { price: eur(2000) })] });
    expect(only.variants.map(({ id }: { id: string }) => id)).toEqual([l.id]);
    expect(only.priceRange.max.amount).toBe(2000);
    expect(
      (await app.ask(null, "query($id: ID!) { node(id: $id) { id } }", { id: s.id })).data.node,
    ).toBeNull();
    const back = await saved({ id: made.id, variants: [size("L"), size("XL")] });
    expect(back.variants[1]).toMatchObject({ id: s.id, sku: a, stock: 1 });
  });

  test("may swap their SKUs, and take one from an archived variant", async () => {
    const [a, b] = [unique(), unique()];
    const made = await saved({ title: "Swap", variants: [size("S", { sku: a }), size("M", { sku: b })] });
    const [s, m] = made.variants;
    const swapped = await saved({
      id: made.id,
      variants: [size("S", { id: s.id, sku: b }), size("M", { id: m.id, sku: a })],
    });
    expect(swapped.variants).toMatchObject([
      { id: s.id, sku: b },
      { id: m.id, sku: a },
    ]);
    await saved({ id: made.id, variants: [size("M", { id: m.id })] });
    expect((await saved({ title: "Heir", variants: [{ sku: b, price: eur(1) }] })).variants[0].sku).toBe(b);
    expect(
      (await save({ id: made.id, variants: [size("M", { id: m.id }), size("S", { id: s.id })] })).userErrors,
    ).toEqual([{ code: "SKU_TAKEN", path: ["variants", "1", "sku"] }]);
  });

  test("follow options that are renamed, reordered or extended", async () => {
    const red = (color: string, more: object = {}) => ({
      selectedOptions: [
        { name: "Color", value: color },
        { name: "Size", value: "S" },
      ],
      price: eur(1),
      ...more,
    });
    const made = await saved({ title: "Socks", variants: [red("Red"), red("Blue")] });
    const ids = made.variants.map(({ id }: { id: string }) => id);
    const reordered = await saved({
      id: made.id,
      options: [
        { name: "Size", values: ["S", "M"] },
        { name: "Color", values: ["Red", "Blue"] },
      ],
    });
    expect(reordered.variants).toMatchObject([
      { id: ids[0], title: "S / Red" },
      { id: ids[1], title: "S / Blue" },
    ]);
    const matched = await saved({ id: made.id, variants: [red("Blue"), red("Red"), red("Green")] });
    expect(matched.variants.slice(0, 2).map(({ id }: { id: string }) => id)).toEqual([ids[1], ids[0]]);
    expect(matched.options[1]).toEqual({ name: "Color", values: ["Red", "Blue", "Green"] });
    expect((await save({ id: made.id, options: [{ name: "Size", values: ["S"] }] })).userErrors).toEqual([
      { code: "OPTIONS_INVALID", path: ["options"] },
    ]);
  });

  test("a product without options has one, which cannot be bought before it has a price", async () => {
    const made = await saved({ title: "Bare", status: "ACTIVE" });
    expect(made).toMatchObject({
      available: false,
      options: [],
      priceRange: null,
      variants: [{ title: "Default", price: null, stock: 0 }],
    });
    const priced = await saved({ id: made.id, variants: [{ price: eur(5), stock: 1 }] });
    expect(priced).toMatchObject({
      available: true,
      variants: [{ id: made.variants[0].id, price: { amount: 5 } }],
    });
  });
});

describe("stock", () => {
  test("is what can be sold: what orders hold is added on hand, and a movement says so", async () => {
    const { id, uuid, variant } = await aProduct(app.db, { stock: 10 });
    await app.db.stock.updateMany({ where: { variantId: variant.uuid }, data: { reserved: 4 } });
    await app.db.stockMovement.create({
      data: {
        id: crypto.randomUUID(),
        variantId: variant.uuid,
        kind: "RESERVE",
        reservedDelta: 4,
        createdAt: new Date(),
      },
    });
    const stored = await saved({ id, variants: [{ id: variant.id, price: eur(500), stock: 7 }] });
    expect(stored.variants[0].stock).toBe(7);
    expect(await app.db.stock.findFirst({ where: { variantId: variant.uuid } })).toMatchObject({
      onHand: 11,
      reserved: 4,
    });
    expect(
      await app.db.stockMovement.findMany({ where: { variantId: variant.uuid, kind: "ADJUST" } }),
    ).toMatchObject([{ onHandDelta: 1, reservedDelta: 0 }]);
    await app.db.stock.updateMany({ where: { variantId: variant.uuid }, data: { reserved: 0 } });
    await app.db.stockMovement.create({
      data: {
        id: crypto.randomUUID(),
        variantId: variant.uuid,
        kind: "RELEASE",
        reservedDelta: -4,
        createdAt: new Date(),
      },
    });
    expect(uuid).toBeDefined();
  });

  test("is counted from the first number on, no longer with null, and sold beyond when allowed", async () => {
    const { id, variants } = await saved({ title: "Loose", status: "ACTIVE", variants: [{ price: eur(1) }] });
    expect(variants).toMatchObject([{ stock: null, available: true }]);
    const change = async (more: object) =>
      (await saved({ id, variants: [{ price: eur(1), ...more }] })).variants[0];
    expect(await change({ stock: 0 })).toMatchObject({ stock: 0, available: false });
    expect(await change({ stock: -2, sellBeyondStock: true })).toMatchObject({ stock: -2, available: true });
    expect(await change({ stock: null })).toMatchObject({ stock: null, available: true });
    expect(await change({ inventoryTracked: true, stock: 3, sellBeyondStock: false })).toMatchObject({
      stock: 3,
    });
  });
});

describe("refuses", () => {
  const missing = "0".repeat(26);
  const long = "x".repeat(256);
  test.each<[string, object, string, string[]]>([
    ["an unknown id", { id: `prod_${missing}`, title: "x" }, "NOT_FOUND", ["id"]],
    ["a malformed id", { id: "42", title: "x" }, "NOT_FOUND", ["id"]],
    [
      "another product's variant",
      { title: "x", variants: [{ id: `var_${missing}`, price: eur(1) }] },
      "NOT_FOUND",
      ["variants", "0", "id"],
    ],
    [
      "an unknown collection",
      { title: "x", collectionIds: [`coll_${missing}`] },
      "NOT_FOUND",
      ["collectionIds", "0"],
    ],
    ["no title", { handle: "untitled" }, "TITLE_MISSING", ["title"]],
    ["an empty title", { title: " " }, "TITLE_MISSING", ["title"]],
    ["a title that is removed", { title: null }, "TITLE_MISSING", ["title"]],
    ["a title with NUL", { title: "a\0" }, "TITLE_MISSING", ["title"]],
    ["a long title", { title: long }, "TITLE_MISSING", ["title"]],
    ["a bad handle", { title: "x", handle: "a b" }, "VALUE_INVALID", ["handle"]],
    ["a handle with NUL", { title: "x", handle: "a\0" }, "VALUE_INVALID", ["handle"]],
    ["a vendor with NUL", { title: "x", vendor: "\0" }, "VALUE_INVALID", ["vendor"]],
    ["HTML with NUL", { title: "x", descriptionHtml: "\0" }, "VALUE_INVALID", ["descriptionHtml"]],
    ["a long tag", { title: "x", tags: ["a", long] }, "VALUE_INVALID", ["tags", "1"]],
    [
      "an image that is none",
      { title: "x", images: [{ url: "javascript:alert(1)" }] },
      "VALUE_INVALID",
      ["images", "0"],
    ],
    [
      "an image's address that would end its attribute in a page",
      { title: "x", images: [{ url: 'https://example.test/"onerror="alert(1)' }] },
      "VALUE_INVALID",
      ["images", "0"],
    ],
    [
      "a SKU with NUL",
      { title: "x", variants: [{ sku: "\0", price: eur(1) }] },
      "VALUE_INVALID",
      ["variants", "0", "sku"],
    ],
    [
      "a version of a product that is new",
      { title: "x", expectedVersion: 1 },
      "CHANGED_MEANWHILE",
      ["expectedVersion"],
    ],
    [
      "a negative price",
      { title: "x", variants: [{ price: eur(-1) }] },
      "PRICE_INVALID",
      ["variants", "0", "price"],
    ],
    [
      "a price that no cart could add up",
      { title: "x", variants: [{ price: eur(35_000_000_001) }] },
      "PRICE_INVALID",
      ["variants", "0", "price"],
    ],
    [
      "a currency that isn't offered",
      { title: "x", variants: [{ price: { amount: 1, currency: "CHF" } }] },
      "PRICE_INVALID",
      ["variants", "0", "price"],
    ],
    [
      "a compare-at price in another currency",
      { title: "x", variants: [{ price: eur(1), compareAtPrice: { amount: 2, currency: "USD" } }] },
      "PRICE_INVALID",
      ["variants", "0", "compareAtPrice"],
    ],
    [
      "too much stock",
      { title: "x", variants: [{ price: eur(1), stock: 2_000_000_000 }] },
      "STOCK_INVALID",
      ["variants", "0", "stock"],
    ],
    [
      "stock below zero",
      { title: "x", variants: [{ price: eur(1), stock: -1 }] },
      "STOCK_INVALID",
      ["variants", "0", "stock"],
    ],
    ["no variants", { title: "x", variants: [] }, "OPTIONS_INVALID", ["variants"]],
    [
      "101 variants",
      { title: "x", variants: Array.from({ length: 101 }, (_, i) => size(`${i}`)) },
      "OPTIONS_INVALID",
      ["variants"],
    ],
    [
      "options without variants",
      { title: "x", options: [{ name: "Size", values: ["S"] }] },
      "OPTIONS_INVALID",
      ["variants"],
    ],
    [
      "four options",
      {
        title: "x",
        options: ["a", "b", "c", "d"].map((name) => ({ name, values: ["1"] })),
        variants: [size("S")],
      },
      "OPTIONS_INVALID",
      ["options"],
    ],
    [
      "an option twice",
      {
        title: "x",
        options: [
          { name: "Size", values: ["S"] },
          { name: "Size", values: ["M"] },
        ],
        variants: [size("S")],
      },
      "OPTIONS_INVALID",
      ["options"],
    ],
    [
      "an option without values",
      { title: "x", options: [{ name: "Size", values: [] }], variants: [size("S")] },
      "OPTIONS_INVALID",
      ["options", "0"],
    ],
    [
      "a value that isn't listed",
      { title: "x", options: [{ name: "Size", values: ["S"] }], variants: [size("M")] },
      "OPTIONS_INVALID",
      ["variants", "0", "selectedOptions"],
    ],
    [
      "an option left open",
      { title: "x", variants: [size("S"), { price: eur(1) }] },
      "OPTIONS_INVALID",
      ["variants", "1", "selectedOptions"],
    ],
    [
      "the same combination twice",
      { title: "x", variants: [size("S"), size("S")] },
      "OPTIONS_INVALID",
      ["variants", "1", "selectedOptions"],
    ],
    [
      "the same SKU twice",
      { title: "x", variants: [size("S", { sku: "twice" }), size("M", { sku: "twice" })] },
      "SKU_TAKEN",
      ["variants", "1", "sku"],
    ],
  ])("%s", async (_what, input, code, path) => {
    const before = await app.db.product.count();
    expect(await save(input)).toEqual({ product: null, userErrors: [{ code, path }] });
    expect(await app.db.product.count()).toBe(before);
  });

  test("a SKU and a handle of another product, and a version that is no more", async () => {
    const { id: other, variant, uuid } = await aProduct(app.db);
    const { id } = await saved({ title: "Mine" });
    expect((await save({ id, variants: [{ sku: variant.sku, price: eur(1) }] })).userErrors).toEqual([
      { code: "SKU_TAKEN", path: ["variants", "0", "sku"] },
    ]);
    const { handle } = await app.db.product.findUniqueOrThrow({ where: { id: uuid } });
    expect((await save({ id, handle })).userErrors).toEqual([{ code: "HANDLE_TAKEN", path: ["handle"] }]);
    await saved({ id: other, title: "Changed" });
    expect((await save({ id: other, title: "Mine", expectedVersion: 1 })).userErrors).toEqual([
      { code: "CHANGED_MEANWHILE", path: ["expectedVersion"] },
    ]);
  });

  test("everyone but staff", async () => {
    const { token } = await aPerson(app);
    expect((await app.ask(null, SAVE, { input: { title: "x" } })).codes).toEqual(["UNAUTHENTICATED"]);
    expect((await app.ask(token, SAVE, { input: { title: "x" } })).codes).toEqual(["FORBIDDEN"]);
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
