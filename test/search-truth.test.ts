import { Readable } from "node:stream";
import { importProducts } from "../src/catalog";
import { parseId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aShopkeeper, type Shopkeeper } from "./support/listing";

/** What search says of a few hundred made-up products, held against plain counting over them. */

type Made = {
  title: string;
  vendor: string;
  productType: string;
  tags: string[];
  description: string;
  price: number;
  sizes: string[];
  stock: number;
  collection: number;
};
type Filter = {
  vendor?: string[];
  productType?: string[];
  tag?: string[];
  available?: boolean;
  minPrice?: number;
  maxPrice?: number;
  options?: { name: string; values: string[] }[];
  collection?: string;
};

const PRODUCTS = 400;
const NAMES = ["amber", "birch", "copper", "denim", "ebony", "felt", "granite", "hemp"];
const THINGS = ["lamp", "kettle", "mirror", "ladder", "basket"];
const SIZES = ["S", "M", "L", "XL"];

/** Numbers from 0 to below `end` that look random and are the same in each run (Lehmer). */
function dice(seed: number) {
  let state = seed;
  return (end: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % end;
  };
}

let app: TestApp;
let keeper: Shopkeeper;
const made: Made[] = [];
const collections: string[] = [];
let uuids: string[] = [];

/** A product's rows in an export, one for each size. */
function rowsOf(one: Made, n: number): string[] {
  const about = [one.title, one.vendor, one.productType, `"${one.tags.join(",")}"`, one.description];
  const sizes = one.sizes.length > 0 ? one.sizes : [""];
  return sizes.map((size, index) => {
    const texts = index === 0 ? about : about.map(() => "");
    return [`p${n}`, ...texts, size && "Size", size, "shopify", one.stock, "deny", one.price / 100].join(",");
  });
}
const HEADER =
  "Handle,Title,Vendor,Type,Tags,Body (HTML),Option1 Name,Option1 Value,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price";
async function importAll(products: string[][]) {
  const counts = await importProducts(
    app.platform,
    Readable.from([[HEADER, ...products.flat()].join("\n")]),
    {
      amend: (draft) => {
        const collection = made[Number(draft.handle?.slice(1))]?.collection;
        return collection === undefined ? draft : { ...draft, collectionIds: [uuids[collection] ?? ""] };
      },
    },
  );
  expect(counts).toMatchObject({ created: products.length, refused: 0 });
}

beforeAll(async () => {
  app = await startTestApp();
  keeper = await aShopkeeper(app);
  for (let n = 0; n < 3; n++) collections.push(await keeper.collects(`Collection ${n}`));
  uuids = collections.map((id) => parseId("coll", id));
  const roll = dice(20_261_121);
  const pick = <One>(list: readonly One[]) => list[roll(list.length)] as One;
  for (let n = 0; n < PRODUCTS; n++)
    made.push({
      title: `${pick(NAMES)} ${pick(NAMES)} ${pick(THINGS)}`,
      vendor: `Maker${roll(5)}`,
      productType: `Sort${roll(4)}`,
      tags: [...new Set([`t${roll(6)}`, `t${roll(6)}`])],
      description: `${pick(NAMES)} and ${pick(THINGS)}`,
      price: 100 + roll(20_000),
      sizes: SIZES.filter(() => roll(2) === 1),
      stock: roll(4) === 0 ? 0 : 5,
      collection: roll(3),
    });
  await importAll(made.map(rowsOf));
}, 60_000);
afterAll(() => app.close());

const SEARCH = `query($query: String!, $filter: ProductFilter, $sort: SearchSort, $after: String, $first: Int) {
  search(query: $query, filter: $filter, sort: $sort, after: $after, first: $first) { totalCount pageInfo { hasNextPage endCursor }
    nodes { title vendor priceRange { min { amount } } } facets { name values { value count } } } }`;
type Facets = Record<string, Record<string, number>>;

async function search(query: string, filter: Filter = {}, more: object = {}) {
  const { data, codes } = await app.ask(null, SEARCH, { query, filter, ...more });
  expect(codes).toEqual([]);
  const facets: Facets = {};
  for (const { name, values } of data.search.facets)
    facets[name] = Object.fromEntries(
      values.map(({ value, count }: { value: string; count: number }) => [value, count]),
    );
  return { ...data.search, facets } as {
    totalCount: number;
    nodes: { title: string; priceRange: { min: { amount: number } } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
    facets: Facets;
  };
}

const textOf = (one: Made) =>
  [one.title, one.vendor, one.productType, ...one.tags, one.description, ...one.sizes]
    .join(" ")
    .toLowerCase()
    .split(" ");
const hasWords = (one: Made, query: string) =>
  query
    .split(" ")
    .filter(Boolean)
    .every((word) => textOf(one).includes(word));
const overlap = (wanted: string[] | undefined, has: string[]) =>
  !wanted || wanted.some((value) => has.includes(value));
const facetOf: Record<string, (one: Made, filter: Filter) => boolean> = {
  vendor: (one, { vendor }) => overlap(vendor, [one.vendor]),
  productType: (one, { productType }) => overlap(productType, [one.productType]),
  tag: (one, { tag }) => overlap(tag, one.tags),
  available: (one, { available }) => available === undefined || available === one.stock > 0,
  "option:Size": (one, { options }) => overlap(options?.[0]?.values, one.sizes),
  price: (one, { minPrice = 0, maxPrice = Infinity }) => one.price >= minPrice && one.price <= maxPrice,
};
const inCollection = (one: Made, { collection }: Filter) =>
  !collection || collections[one.collection] === collection;
const valuesOf: Record<string, (one: Made) => string[]> = {
  vendor: (one) => [one.vendor],
  productType: (one) => [one.productType],
  tag: (one) => one.tags,
  available: (one) => [String(one.stock > 0)],
  "option:Size": (one) => one.sizes,
};

/** The products that a filter lets through, `but` leaving out what it says of one facet. */
const passing = (query: string, filter: Filter, but?: string) =>
  made.filter(
    (one) =>
      hasWords(one, query) &&
      inCollection(one, filter) &&
      Object.entries(facetOf).every(([facet, passes]) => facet === but || passes(one, filter)),
  );

function countedBy(facet: string, hits: Made[]) {
  const counts: Record<string, number> = {};
  for (const value of hits.flatMap((one) => valuesOf[facet]?.(one) ?? []))
    counts[value] = (counts[value] ?? 0) + 1;
  return Object.keys(counts).length > 0 ? counts : undefined;
}

const filters: Filter[] = [
  {},
  { vendor: ["Maker1", "Maker3"] },
  { tag: ["t2"], productType: ["Sort0"] },
  { available: false },
  { options: [{ name: "Size", values: ["XL", "S"] }], vendor: ["Maker0"] },
  { minPrice: 2_000, maxPrice: 4_999 },
  { minPrice: 1_234, maxPrice: 15_678, available: true, tag: ["t0", "t1"] },
  { maxPrice: 777 },
];
const cases = ["", "amber", "copper lamp", "maker2 kettle", "t3", "nothingness"].flatMap((query) =>
  filters.map((filter) => [query, filter] as const),
);

test.each(cases)("%j with %j: hits and facets are as many as counting says", async (query, filter) => {
  const { totalCount, facets } = await search(query, filter);
  expect(totalCount).toBe(passing(query, filter).length);
  for (const facet of Object.keys(valuesOf))
    expect([facet, facets[facet]]).toEqual([facet, countedBy(facet, passing(query, filter, facet))]);
  const priced = passing(query, filter, "price");
  for (const [range, count] of Object.entries(facets.price ?? {})) {
    const [least = 0, most = 0] = range.split("-").map(Number);
    expect([range, count]).toEqual([
      range,
      priced.filter(({ price }) => price >= least && price <= most).length,
    ]);
  }
  expect(Object.values(facets.price ?? {}).reduce((sum, count) => sum + count, 0)).toBe(priced.length);
});

test("within a collection", async () => {
  const filter = { collection: collections[1], vendor: ["Maker4"] };
  const { totalCount, facets } = await search("amber", filter);
  expect(totalCount).toBe(passing("amber", filter).length);
  expect(facets.vendor).toEqual(countedBy("vendor", passing("amber", filter, "vendor")));
});

test.each(["RELEVANCE", "NEWEST", "PRICE_ASC", "PRICE_DESC"])(
  "pages by %s hold every hit once",
  async (sort) => {
    const titles: string[] = [];
    const amounts: number[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const page = await search("birch", {}, { sort, after, first: 9 });
      titles.push(...page.nodes.map(({ title }) => title));
      amounts.push(...page.nodes.map(({ priceRange }) => priceRange.min.amount));
      more = page.pageInfo.hasNextPage;
      after = page.pageInfo.endCursor;
    }
    expect(titles.toSorted()).toEqual(
      passing("birch", {})
        .map(({ title }) => title)
        .toSorted(),
    );
    if (sort === "PRICE_ASC") expect(amounts).toEqual(amounts.toSorted((a, b) => a - b));
    if (sort === "PRICE_DESC") expect(amounts).toEqual(amounts.toSorted((a, b) => b - a));
    // Titles with the word come before descriptions with it.
    const inTitle = titles.map((title) => title.includes("birch"));
    if (sort === "RELEVANCE") expect(inTitle).toEqual(inTitle.toSorted((a, b) => Number(b) - Number(a)));
  },
);

const STOCK = "mutation($input: SetStockInput!) { setStock(input: $input) { userErrors { code } } }";

test("what is changed or sold out counts as it is now", async () => {
  const rare = { vendor: "Rarity", productType: "Once" };
  const { id, variantId } = await keeper.lists({ title: "Zither", ...rare, tags: ["old"], stock: 1 });
  expect((await search("zither")).facets).toMatchObject({ tag: { old: 1 }, available: { true: 1 } });
  await keeper.lists({ id, title: "Zither", ...rare, tags: ["new"], stock: 1 });
  expect((await search("zither")).facets).toMatchObject({ tag: { new: 1 } });
  const { data } = await app.ask(keeper.token, STOCK, { input: { variantId, quantity: 0 } });
  expect(data.setStock.userErrors).toEqual([]);
  expect((await search("zither")).facets).toMatchObject({ available: { false: 1 } });
  expect((await search("zither", { available: true })).totalCount).toBe(0);
});

test.each([
  ["in many ranges of prices", "Thimble", (n: number) => 100 + ((n * 37) % 1_000)],
  ["in one of them", "Bodkin", (n: number) => 12_000 + ((n * 37) % 2_000)],
])(
  "of more products than are sorted at once, all come in the order of prices, page after page: %s",
  async (_where, title, priceOf) => {
    const before = made.length;
    for (let n = 0; n < 2_100; n++)
      made.push({ ...(made[0] as Made), title, sizes: [], collection: 0, price: priceOf(n) });
    await importAll(made.slice(before).map((one, n) => rowsOf(one, before + n)));
    const rising = made
      .slice(before)
      .map(({ price }) => price)
      .toSorted((a, b) => a - b);
    for (const [sort, expected] of [
      ["PRICE_ASC", rising],
      ["PRICE_DESC", rising.toReversed()],
    ] as const) {
      const amounts: number[] = [];
      for (let after: string | undefined, more = true; more; ) {
        const page = await search(title, {}, { sort, after, first: 100 });
        expect(page.totalCount).toBe(2_100);
        amounts.push(...page.nodes.map(({ priceRange }) => priceRange.min.amount));
        more = page.pageInfo.hasNextPage;
        after = page.pageInfo.endCursor;
      }
      expect(amounts).toEqual(expected);
    }
  },
  60_000, // 2,100 products are imported, and walked twice
);

test("one or two letters begin words of titles only, and are words anywhere", async () => {
  await keeper.lists({ title: "Quokka", tags: ["plush"] });
  await keeper.lists({ title: "Plush Yak", tags: ["quick"] });
  await keeper.lists({ title: "Plush Emu", tags: ["qu"] });
  const found = async (query: string) => (await search(query)).nodes.map(({ title }) => title).toSorted();
  expect(await found("plush qu")).toEqual(["Plush Emu", "Quokka"]);
  expect(await found("plush q")).toEqual(["Quokka"]);
  expect(await found("plush qui")).toEqual(["Plush Yak"]);
});
