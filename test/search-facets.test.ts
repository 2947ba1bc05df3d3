import { startTestApp, type TestApp } from "./support/app";
import { aShopkeeper } from "./support/listing";

let app: TestApp;
let drinks: string;
beforeAll(async () => {
  app = await startTestApp();
  const keeper = await aShopkeeper(app);
  drinks = await keeper.collects("Drinks");
  const teas = await keeper.collects("Teas", drinks);
  const tea = { vendor: "Ann", productType: "Tea", collectionIds: [teas] };
  await keeper.lists({
    title: "Tea A",
    ...tea,
    tags: ["green", "organic"],
    price: 450,
    options: { Size: ["S", "M"], Tin: ["Red"] },
  });
  await keeper.lists({
    title: "Tea B",
    ...tea,
    tags: ["green"],
    price: 990,
    options: { Size: ["M"], Tin: ["Blue"] },
  });
  await keeper.lists({ title: "Tea C", ...tea, vendor: "Bob", tags: ["black"], price: 2490, stock: 0 });
  await keeper.lists({
    title: "Tea pot",
    vendor: "Bob",
    productType: "Ware",
    price: 5600,
    options: { Size: ["L"] },
  });
  await keeper.lists({ title: "Tea draft", vendor: "Eve", status: "DRAFT" });
  await keeper.lists({ title: "Coffee", vendor: "Carl", productType: "Coffee", collectionIds: [drinks] });
});
afterAll(() => app.close());

const FACETS = `query($query: String!, $filter: ProductFilter) { search(query: $query, filter: $filter) {
  totalCount facets { name values { value count } } } }`;
const COUNT =
  "query($query: String!, $filter: ProductFilter) { search(query: $query, filter: $filter) { totalCount } }";
const LISTED = "query($filter: ProductFilter) { products(filter: $filter) { totalCount } }";

type Facet = { name: string; values: { value: string; count: number }[] };

/** The facets as name → "value count" texts. */
async function facets(query: string, filter: object | null = null) {
  const { data, codes } = await app.ask(null, FACETS, { query, filter });
  expect(codes).toEqual([]);
  const lines = (data.search.facets as Facet[]).map(({ name, values }) => [
    name,
    values.map((v) => `${v.value} ${v.count}`),
  ]);
  return {
    total: data.search.totalCount as number,
    ...(Object.fromEntries(lines) as Record<string, string[]>),
  };
}
const count = async (query: string, filter: object) =>
  (await app.ask(null, COUNT, { query, filter })).data.search.totalCount as number;

test("count over all hits", async () => {
  expect(await facets("tea")).toEqual({
    total: 4,
    vendor: ["Ann 2", "Bob 2"],
    productType: ["Tea 3", "Ware 1"],
    tag: ["green 2", "black 1", "organic 1"],
    available: ["true 3", "false 1"],
    "option:Size": ["M 2", "L 1", "S 1"],
    "option:Tin": ["Blue 1", "Red 1"],
    price: ["450-989 1", "990-2399 1", "2400-5599 1", "5600-5600 1"],
  });
});

test("each ignores its own filter and follows the others", async () => {
  const vendor = await facets("tea", { vendor: ["Ann"] });
  expect(vendor).toMatchObject({
    total: 2,
    vendor: ["Ann 2", "Bob 2"],
    productType: ["Tea 2"],
    "option:Size": ["M 2", "S 1"],
  });
  const two = await facets("tea", { vendor: ["Ann"], tag: ["organic"] });
  expect(two).toMatchObject({
    total: 1,
    vendor: ["Ann 1"],
    tag: ["green 2", "organic 1"],
    productType: ["Tea 1"],
  });
  const option = await facets("tea", { options: [{ name: "Size", values: ["S", "L"] }] });
  expect(option).toMatchObject({
    total: 2,
    "option:Size": ["M 2", "L 1", "S 1"],
    "option:Tin": ["Red 1"],
    vendor: ["Ann 1", "Bob 1"],
  });
  const options = {
    options: [
      { name: "Size", values: ["M"] },
      { name: "Tin", values: ["Blue"] },
    ],
  };
  expect(await facets("tea", options)).toMatchObject({
    total: 1,
    "option:Size": ["M 1"],
    "option:Tin": ["Blue 1", "Red 1"],
  });
  const sold = await facets("tea", { available: false, minPrice: 2000 });
  expect(sold).toMatchObject({ total: 1, available: ["false 1", "true 1"], price: ["2490-2490 1"] });
});

test("one option named twice is one filter", async () => {
  const size = (value: string) => ({ name: "Size", values: [value] });
  expect(await facets("tea", { options: [size("S"), size("M")] })).toMatchObject({
    total: 1,
    "option:Size": ["M 2", "L 1", "S 1"],
  });
});

test("each value, given back as a filter, finds as many as it counts", async () => {
  const { price: prices = [] } = (await facets("tea")) as { price?: string[] };
  for (const line of prices) {
    const [, least, most, counted] = /^(\d+)-(\d+) (\d+)$/.exec(line)?.map(Number) ?? [];
    expect(await count("tea", { minPrice: least, maxPrice: most })).toBe(counted);
  }
  expect(await count("tea", { tag: ["green", "black"] })).toBe(3);
  expect(await count("tea", { available: true })).toBe(3);
  expect(await count("tea", { options: [{ name: "Size", values: ["M"] }] })).toBe(2);
});

test("of more than twenty hits prices are told in round ranges, and each finds as many as it counts", async () => {
  const keeper = await aShopkeeper(app);
  for (let n = 0; n < 21; n++) await keeper.lists({ title: `Saucer ${n}`, price: 1013 + 97 * n });
  const { price: prices = [] } = (await facets("saucer")) as { price?: string[] };
  expect(prices).toEqual(["1000-1199 2", "1200-1499 4", "1500-1999 5", "2000-2499 5", "2500-2999 5"]);
  for (const line of prices) {
    const [, least, most, counted] = /^(\d+)-(\d+) (\d+)$/.exec(line)?.map(Number) ?? [];
    expect(await count("saucer", { minPrice: least, maxPrice: most })).toBe(counted);
  }
});

test("a price filter finds a product from its cheapest to its dearest variant", async () => {
  const keeper = await aShopkeeper(app);
  const variants = [1013, 5077].map((amount) => ({
    price: { amount, currency: "EUR" },
    selectedOptions: [{ name: "Size", value: String(amount) }],
  }));
  const { data } = await app.ask(
    keeper.token,
    "mutation($input: SaveProductInput!) { saveProduct(input: $input) { userErrors { code } } }",
    { input: { title: "Ladle", status: "ACTIVE", variants } },
  );
  expect(data.saveProduct.userErrors).toEqual([]);
  const within = [
    [1013, 1013],
    [1100, 1110],
    [2000, 3000],
    [5077, 5077],
    [0, null],
    [5077, null],
    [null, 1013],
  ];
  const without = [
    [0, 1012],
    [5078, 9000],
    [5078, null],
    [null, 1012],
    [null, -1],
  ];
  const counts = (ends: (number | null)[][]) =>
    Promise.all(ends.map(([minPrice, maxPrice]) => count("ladle", { minPrice, maxPrice })));
  expect(await counts(within)).toEqual(within.map(() => 1));
  expect(await counts(without)).toEqual(without.map(() => 0));
});

test("a collection holds what lies below it, in searches and lists", async () => {
  expect(await facets("", { collection: drinks })).toMatchObject({
    total: 4,
    productType: ["Tea 3", "Coffee 1"],
  });
  const { data } = await app.ask(null, LISTED, { filter: { collection: drinks, vendor: ["Ann", "Carl"] } });
  expect(data.products.totalCount).toBe(3);
});

test("nothing found: no facets; a corrected query has its own", async () => {
  expect(await facets("xyzzyplugh")).toEqual({ total: 0 });
  expect(await facets("cofee")).toMatchObject({ total: 1, vendor: ["Carl 1"] });
});
