import { startTestApp, type TestApp } from "./support/app";
import { aProduct } from "./support/builders";
import { aShopkeeper, type Shopkeeper } from "./support/listing";
import { aPerson } from "./support/person";
import { eur, SAVE, savesOf, size } from "./support/saves";

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
