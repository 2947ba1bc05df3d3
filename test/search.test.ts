import { startTestApp, type TestApp } from "./support/app";
import { aShopkeeper, type Shopkeeper } from "./support/listing";

let app: TestApp;
let keeper: Shopkeeper;
beforeAll(async () => {
  app = await startTestApp();
  keeper = await aShopkeeper(app);
});
afterAll(() => app.close());

const SEARCH = `query($query: String!, $first: Int, $after: String, $filter: ProductFilter, $sort: SearchSort) {
  search(query: $query, first: $first, after: $after, filter: $filter, sort: $sort) {
    edges { cursor node { title } } nodes { title variants { sku } } totalCount correctedQuery
    pageInfo { hasNextPage hasPreviousPage endCursor } } }`;

async function search(query: string, more: object = {}, token: string | null = null) {
  const answer = await app.ask(token, SEARCH, { query, ...more });
  const found = answer.data?.search;
  return { ...answer, found, titles: found?.nodes.map((node: { title: string }) => node.title) as string[] };
}

describe("finds", () => {
  beforeAll(async () => {
    await keeper.lists({
      title: "Wireless Headphones",
      vendor: "Sonorous",
      tags: ["audio"],
      sku: "HP-900/B",
    });
    await keeper.lists({
      title: "Running Shoes",
      tags: ["tee"],
      descriptionHtml: "<p>Light &amp; quick, for the long run.</p>",
    });
    await keeper.lists({ title: "Café Crème Cup", options: { Glaze: ["Celadon", "Tenmoku"] } });
    await keeper.lists({ title: "Headband", descriptionHtml: "<p>Keeps <em>headphones</em> in place.</p>" });
  });

  test.each([
    ["words", "headphones wireless", ["Wireless Headphones"]],
    ["an unfinished last word", "wireless headp", ["Wireless Headphones"]],
    ["an unfinished word whose stem is another", "runni", ["Running Shoes"]],
    ["stems", "shoe", ["Running Shoes"]],
    ["words around stop words", "the shoes for a run", ["Running Shoes"]],
    ["Café for cafe", "cafe creme", ["Café Crème Cup"]],
    ["Café for CAFÉ, composed or not", "CAFE\u0301", ["Café Crème Cup"]],
    ["a vendor", "sonorous", ["Wireless Headphones"]],
    ["a tag", "audio", ["Wireless Headphones"]],
    ["an option's value", "tenmoku", ["Café Crème Cup"]],
    ["the text of a description", "quick", ["Running Shoes"]],
    ["no markup", "em", []],
    ["a SKU", "HP-900/B", ["Wireless Headphones"]],
    ["a SKU as people type it", "hp900b", ["Wireless Headphones"]],
    ["the beginning of a SKU", "hp-90", ["Wireless Headphones"]],
    ["a title before a description", "headphones", ["Wireless Headphones", "Headband"]],
  ])("%s", async (_what, query, titles) => {
    const { found, ...answer } = await search(query);
    expect(answer.titles).toEqual(titles);
    expect(found.totalCount).toBe(titles.length);
    expect(found.correctedQuery).toBeNull();
  });

  test.each([
    ["hedphones", "headphones"],
    ["Wireles hedphnoes!", "wireless headphones!"],
    ["the hedphones", "the headphones"],
    ["runing sheos", "running shoes"],
    ["caffe cream", "cafe creme"],
    ["xyzzyplugh", null],
  ])("%s corrected to %s", async (query, corrected) => {
    const { found } = await search(query);
    expect(found.correctedQuery).toBe(corrected);
    expect(found.nodes.length > 0).toBe(corrected !== null);
  });

  test("what is spelled right is not corrected, even when a filter leaves nothing of it", async () => {
    const { found } = await search("headband", { filter: { vendor: ["Sonorous"] } });
    expect([found.totalCount, found.correctedQuery]).toEqual([0, null]);
  });
});

test("the exact SKU comes before titles with its words", async () => {
  await keeper.lists({ title: "Zinc 77 Zinc 77", sku: "OTHER-1" });
  await keeper.lists({ title: "Bolt", sku: "ZINC-77" });
  await keeper.lists({ title: "Nut", sku: "ZINC-770" });
  expect((await search("zinc-77")).titles).toEqual(["Bolt", "Zinc 77 Zinc 77", "Nut"]);
});

test("many mentions in a description don't outrank one in a title", async () => {
  await keeper.lists({ title: "Stand", descriptionHtml: `<p>${"oboe bassoon ".repeat(40)}</p>` });
  await keeper.lists({ title: "Oboe, not a bassoon, but of wood from far away and long ago" });
  expect((await search("oboe bassoon")).titles[0]).toMatch(/^Oboe/);
});

test("a change is found at once under its new words, and not under the old ones", async () => {
  const { id } = await keeper.lists({ title: "Gramophone", options: { Horn: ["Brass"] } });
  await keeper.lists({ id, title: "Phonograph", options: { Horn: ["Copper"] } });
  expect((await search("phonograph copper")).titles).toEqual(["Phonograph"]);
  for (const old of ["gramophone", "phonograph brass"]) expect((await search(old)).titles).toEqual([]);
});

test("products that bring the same new words at the same moment don't hinder each other", async () => {
  const words = Array.from({ length: 12 }, (_, n) => `quark${"abcdefghijkl"[n]}`);
  const turned = words.map((_, n) => [...words.slice(n), ...words.slice(0, n)].join(" "));
  await Promise.all(turned.map((title) => keeper.lists({ title })));
  expect((await search("quarkc quarkj")).found.totalCount).toBe(12);
});

test("only staff find what is not ACTIVE, also not by a corrected word", async () => {
  await keeper.lists({ title: "Quadcopter secret", status: "DRAFT" });
  for (const query of ["quadcopter", "quadcoptre"])
    expect((await search(query, { filter: { status: ["DRAFT"] } })).found).toMatchObject({
      nodes: [],
      correctedQuery: null,
    });
  expect((await search("quadcoptre", {}, keeper.token)).found.correctedQuery).toBe("quadcopter");
  expect((await search("quadcopter", { filter: { status: ["ACTIVE"] } }, keeper.token)).titles).toEqual([]);
});

describe("pages", () => {
  beforeAll(async () => {
    for (let n = 0; n < 25; n++)
      await keeper.lists({ title: n % 3 ? "Marble" : `Marble ${n}`, price: 100 + (n % 4) });
  });

  test.each(["RELEVANCE", "NEWEST", "PRICE_ASC", "PRICE_DESC"])("all hits once, by %s", async (sort) => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { found } = await search("marble", { first: 7, after, sort });
      expect(found.totalCount).toBe(25);
      expect(found.pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...found.nodes.map((node: { variants: { sku: string }[]; title: string }) => node.title));
      after = found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null;
    } while (after);
    expect(seen).toHaveLength(25);
    expect(seen.filter((title) => title !== "Marble").length).toBe(9);
    expect(new Set(seen).size).toBe(10);
  });

  test("of a corrected query", async () => {
    const first = await search("mabrle", { first: 20 });
    const last = await search("mabrle", { first: 20, after: first.found.pageInfo.endCursor });
    expect(last.found).toMatchObject({ totalCount: 25, correctedQuery: "marble" });
    expect(last.titles).toHaveLength(5);
    const end = await search("marble", { after: last.found.edges.at(-1).cursor });
    expect(end.found).toMatchObject({ nodes: [], totalCount: 25, correctedQuery: null });
  });

  test("nothing typed: everything, the newest first", async () => {
    await keeper.lists({ title: "Brand new" });
    const { titles, found } = await search("  ", { first: 1 });
    expect(titles).toEqual(["Brand new"]);
    expect(found.totalCount).toBeGreaterThan(25);
  });

  test.each([
    { first: 0 },
    { first: 101 },
    { first: -1 },
    { after: "abc" },
    { after: "" },
    { after: btoa('["NEWEST",1,"x"]') },
  ])("%j is refused", async (more) => {
    expect((await search("marble", more)).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test("a cursor of another sort is refused", async () => {
    const { found } = await search("marble", { first: 1, sort: "NEWEST" });
    const after = found.pageInfo.endCursor;
    expect((await search("marble", { after, sort: "PRICE_ASC" })).codes).toEqual(["BAD_USER_INPUT"]);
  });
});

describe("odd input", () => {
  test.each([
    "'",
    "''",
    '"',
    "\\",
    "%",
    "_",
    "&",
    "|",
    "!",
    ":*",
    "a:*",
    "a & b | !c <-> (d",
    "a:A",
    "<b>",
    "=",
    "'=x'",
    "🎧",
    "🎧 marble",
    "ʼn",
    "İ",
    "ß",
    "½",
    "中文",
    "-1",
    "1e309",
    "NaN",
    "null",
    "a\tb\nc",
    "x".repeat(200),
    "a ".repeat(100),
    "the",
    "'; DROP TABLE products; --",
    "\u200b",
    "\ufffd",
    "ŀ",
    "²³",
    "o'neill's",
  ])("%j is searched for as it is", async (query) => {
    const { status, codes, found } = await search(query);
    expect({ status, codes, found }).toMatchObject({ status: 200, codes: [], found: {} });
  });

  test.each(["a\0b", "\0", "\ud800", "x".repeat(201), "x".repeat(10_000), "\ufdfa".repeat(200)])(
    "%j is refused",
    async (query) => {
      const { codes, errors } = await search(query);
      expect(codes).toEqual(["BAD_USER_INPUT"]);
      expect(errors[0]?.extensions).toMatchObject({ fields: ["query"] });
    },
  );

  test.each([
    { collection: "coll_x" },
    { collection: "prod_01h455vb4pex5vsknk084sn02q" },
    { currency: "CHF" },
    { vendor: ["a\0"] },
    { tag: ["x".repeat(256)] },
    { productType: Array(101).fill("x") },
    { options: [{ name: "\ud800", values: ["M"] }] },
    { options: Array(101).fill({ name: "Size", values: ["M"] }) },
  ])("filter %j is refused", async (filter) => {
    expect((await search("marble", { filter })).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test.each([
    { vendor: [], tag: [], productType: [], options: [], status: [] },
    { vendor: null, options: [{ name: "Size", values: [] }], available: null, minPrice: null },
    { minPrice: 0, maxPrice: 9007199254740991, currency: "EUR" },
  ])("filter %j leaves all", async (filter) => {
    expect((await search("marble", { filter })).found.totalCount).toBe(25);
  });

  test.each([
    { minPrice: 9007199254740991 },
    { minPrice: 500, maxPrice: 100 },
    { maxPrice: -9007199254740991 },
    { currency: "USD", minPrice: 0 },
    { vendor: ["Marble' OR true --"] },
    { collection: "coll_01h455vb4pex5vsknk084sn02q" },
  ])("filter %j leaves none", async (filter) => {
    expect((await search("marble", { filter })).found.totalCount).toBe(0);
  });
});
