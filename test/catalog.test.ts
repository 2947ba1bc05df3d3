import { startTestApp, type TestApp } from "./support/app";
import { aProduct, refreshPriceRanges, unique } from "./support/builders";
import { aShopkeeper, type Shopkeeper } from "./support/listing";
import { aPerson } from "./support/person";

let app: TestApp;
let keeper: Shopkeeper;
beforeAll(async () => {
  app = await startTestApp();
  keeper = await aShopkeeper(app);
});
afterAll(async () => {
  await app.close();
});

const PRODUCT = `query($id: ID!, $currency: CurrencyCode) { product(id: $id) {
  id handle title descriptionHtml vendor productType tags status available version createdAt updatedAt
  images { url altText } options { name values } priceRange(currency: $currency) { min { decimal currency } max { amount } }
  collections { title }
  variants { id sku title selectedOptions { name value } price(currency: $currency) { amount currency decimal }
    compareAtPrice(currency: $currency) { amount } image { url altText } available product { title } } } }`;

describe("a product", () => {
  test("is shown whole", async () => {
    const collection = await keeper.collects("Teas");
    const url = "data:image/svg+xml,%3Csvg/%3E";
    const { data } = await app.ask(
      keeper.token,
      `mutation($input: SaveProductInput!) { saveProduct(input: $input) { product { id } userErrors { code path } } }`,
      {
        input: {
          title: "Oolong",
          descriptionHtml: "<p onclick='x()'>Half <b>green</b></p><script>alert(1)</script>",
          vendor: "Hills & Sons",
          productType: "Tea",
          tags: ["leaf", "leaf", "loose"],
          status: "ACTIVE",
          images: [{ url, altText: "A leaf" }],
          collectionIds: [collection],
          variants: [
            {
              sku: "OO-1",
              selectedOptions: [{ name: "Weight", value: "100 g" }],
              price: { amount: 990, currency: "EUR" },
              compareAtPrice: { amount: 1290, currency: "EUR" },
              imageUrl: url,
              stock: 3,
            },
            {
              selectedOptions: [{ name: "Weight", value: "1 kg" }],
              price: { amount: 7900, currency: "EUR" },
              stock: 0,
            },
          ],
        },
      },
    );
    expect(data.saveProduct.userErrors).toEqual([]);
    const { id } = data.saveProduct.product;
    const answer = await app.ask(null, PRODUCT, { id });
    expect(answer.errors).toEqual([]);
    expect(answer.data.product).toMatchObject({
      id,
      handle: "oolong",
      title: "Oolong",
      descriptionHtml: "<p>Half <b>green</b></p>",
      vendor: "Hills & Sons",
      tags: ["leaf", "loose"],
      status: "ACTIVE",
      available: true,
      version: 1,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*\.\d{3}Z$/),
      images: [{ url, altText: "A leaf" }],
      options: [{ name: "Weight", values: ["100 g", "1 kg"] }],
      priceRange: { min: { decimal: "9.90", currency: "EUR" }, max: { amount: 7900 } },
      collections: [{ title: "Teas" }],
      variants: [
        {
          sku: "OO-1",
          title: "100 g",
          selectedOptions: [{ name: "Weight", value: "100 g" }],
          price: { amount: 990, currency: "EUR", decimal: "9.90" },
          compareAtPrice: { amount: 1290 },
          image: { url, altText: "A leaf" },
          available: true,
          product: { title: "Oolong" },
        },
        { sku: null, title: "1 kg", compareAtPrice: null, image: null, available: false },
      ],
    });
  });

  test("has the prices of the currency asked for, and none in one it isn't offered in", async () => {
    const { id } = await aProduct(app.db, { prices: { EUR: 500n, USD: 550n } });
    const dollars = (await app.ask(null, PRODUCT, { id, currency: "USD" })).data.product;
    expect([dollars.priceRange.min.decimal, dollars.variants[0].price.decimal]).toEqual(["5.50", "5.50"]);
    const yen = (await app.ask(null, PRODUCT, { id, currency: "JPY" })).data.product;
    expect([yen.priceRange, yen.variants[0].price, yen.variants[0].compareAtPrice]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test.each(["DRAFT", "ARCHIVED"] as const)("that is %s is there for staff alone", async (status) => {
    const { id, uuid, variant } = await aProduct(app.db, { status, title: `Hidden ${status}` });
    const { handle } = await app.db.product.findUniqueOrThrow({ where: { id: uuid } });
    const document = `query($id: ID!, $handle: String!, $ids: [ID!]!) {
      product(id: $id) { id } productByHandle(handle: $handle) { id } nodes(ids: $ids) { id }
      products(first: 100, filter: { status: [DRAFT, ARCHIVED] }) { nodes { id } } }`;
    const variables = { id, handle, ids: [id, variant.id] };
    const { token } = await aPerson(app);
    for (const outsider of [null, token]) {
      const { data } = await app.ask(outsider, document, variables);
      expect(data).toMatchObject({ product: null, productByHandle: null, nodes: [null, null] });
      expect(JSON.stringify(data.products)).not.toContain(id);
    }
    const { data } = await app.ask(keeper.token, document, variables);
    expect(data).toMatchObject({
      product: { id },
      productByHandle: { id },
      nodes: [{ id }, { id: variant.id }],
    });
    expect(JSON.stringify(data.products)).toContain(id);
  });

  test("says its stock to staff alone, null when it isn't counted", async () => {
    const [counted, loose] = [
      await aProduct(app.db, { stock: 7 }),
      await aProduct(app.db, { tracked: false, stock: 0 }),
    ];
    const stock = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Variant { stock available } } }";
    const ids = [counted.variant.id, loose.variant.id];
    expect((await app.ask(keeper.token, stock, { ids })).data.nodes).toEqual([
      { stock: 7, available: true },
      { stock: null, available: true },
    ]);
    const guest = await app.ask(null, stock, { ids });
    expect(guest.data.nodes[0]).toEqual({ stock: null, available: true });
    expect(guest.codes).toEqual(["UNAUTHENTICATED", "UNAUTHENTICATED"]);
    const { token } = await aPerson(app);
    expect((await app.ask(token, stock, { ids })).codes).toEqual(["FORBIDDEN", "FORBIDDEN"]);
  });

  test("is asked for with nonsense: no fault", async () => {
    const ask = (id: string) => app.ask(null, "query($id: ID!) { product(id: $id) { id } }", { id });
    for (const id of ["", "x", "prod_", "coll_01j9zzzzzzzzzzzzzzzzzzzzzz", "prod_\0", "é".repeat(5_000)])
      expect((await ask(id)).codes).toEqual(["BAD_USER_INPUT"]);
    const byHandle =
      "query($handle: String!) { productByHandle(handle: $handle) { id } collectionByHandle(handle: $handle) { id } }";
    for (const handle of ["", "no-such", "\0", "\ud800", "%", "x".repeat(10_000)]) {
      const { data, errors } = await app.ask(null, byHandle, { handle });
      expect({ data, errors }).toEqual({
        data: { productByHandle: null, collectionByHandle: null },
        errors: [],
      });
    }
  });
});

describe("the list", () => {
  const vendor = `Vendor ${unique()}`;
  const LIST = `query($first: Int, $after: String, $last: Int, $before: String, $sort: ProductSort, $filter: ProductFilter) {
    products(first: $first, after: $after, last: $last, before: $before, sort: $sort, filter: $filter) {
      edges { cursor } nodes { title } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
  const list = async (more: object) =>
    (await app.ask(null, LIST, { filter: { vendor: [vendor] }, ...more })).data.products;
  const titles = (page: { nodes: { title: string }[] }) => page.nodes.map(({ title }) => title);

  beforeAll(async () => {
    for (const [title, price] of [
      ["Zebra", 300],
      ["apple", 100],
      ["Äpfel", 200],
      ["Same", 400],
      ["Same", 400],
    ] as const)
      await aProduct(app.db, { title, vendor, prices: { EUR: BigInt(price) } });
    await aProduct(app.db, { title: "Dollars only", vendor, prices: { USD: 100n } });
  });

  const orders = {
    TITLE: ["Äpfel", "apple", "Dollars only", "Same", "Same", "Zebra"],
    NEWEST: ["Dollars only", "Same", "Same", "Äpfel", "apple", "Zebra"],
    PRICE_ASC: ["apple", "Äpfel", "Zebra", "Same", "Same"],
    PRICE_DESC: ["Same", "Same", "Zebra", "Äpfel", "apple"],
  };
  test.each(Object.entries(orders))("by %s, forward and backward, page by page", async (sort, expected) => {
    const forward: string[] = [];
    let page = await list({ sort, first: 2 });
    expect(page).toMatchObject({
      totalCount: expected.length,
      pageInfo: { hasPreviousPage: false, hasNextPage: true },
    });
    for (;;) {
      forward.push(...titles(page));
      if (!page.pageInfo.hasNextPage) break;
      page = await list({ sort, first: 2, after: page.pageInfo.endCursor });
    }
    expect(forward).toEqual(expected);

    const backward: string[] = [];
    page = await list({ sort, last: 2 });
    for (;;) {
      backward.unshift(...titles(page));
      if (!page.pageInfo.hasPreviousPage) break;
      page = await list({ sort, last: 2, before: page.pageInfo.startCursor });
    }
    expect(backward).toEqual(expected);
  });

  test("neither repeats nor skips when rows come and go between pages", async () => {
    const one = await list({ first: 2 });
    const gone = await aProduct(app.db, { title: "aaa", vendor });
    expect(titles(await list({ first: 2, after: one.pageInfo.endCursor }))).toEqual(["Dollars only", "Same"]);
    await app.db.product.update({ where: { id: gone.uuid }, data: { status: "ARCHIVED" } });
    await refreshPriceRanges(app.db, gone.uuid);
  });

  test("takes null for its defaults", async () => {
    const page = await list({ first: null, after: null, last: null, before: null, sort: null });
    expect(titles(page)).toEqual(orders.TITLE);
  });

  const cursor = (key: unknown) => Buffer.from(JSON.stringify(key)).toString("base64url");
  const uuid = "0190c0a0-0000-7000-8000-000000000000";
  test.each([
    ["first 0", { first: 0 }],
    ["first -1", { first: -1 }],
    ["first 101", { first: 101 }],
    ["both directions", { first: 1, last: 1 }],
    ["a cursor by hand", { after: "abc" }],
    ["a cursor of another sort", { after: cursor(["NEWEST", 1, uuid]), sort: "PRICE_ASC" }],
    ["a cursor with NUL", { after: cursor(["TITLE", "\0", uuid]) }],
    ["a currency that isn't offered", { filter: { currency: "XXX" }, sort: "PRICE_ASC" }],
    ["another type's id", { filter: { collection: `prod_${"0".repeat(26)}` } }],
  ])("%s: BAD_USER_INPUT", async (_what, variables) => {
    expect((await app.ask(null, LIST, variables)).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test.each([
    { after: cursor(["NEWEST", Number.MAX_SAFE_INTEGER, uuid]), sort: "NEWEST" },
    { after: cursor(["NEWEST", Number.MIN_SAFE_INTEGER, uuid]), sort: "NEWEST" },
    { after: cursor(["PRICE_ASC", Number.MIN_SAFE_INTEGER, uuid]), sort: "PRICE_ASC" },
  ])("a cursor beyond all rows is an ordinary page: %j", async (variables) => {
    expect((await app.ask(null, LIST, variables)).errors).toEqual([]);
  });
});
