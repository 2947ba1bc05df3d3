import { startTestApp, type TestApp } from "./support/app";
import { aShopkeeper } from "./support/listing";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  const keeper = await aShopkeeper(app);
  await keeper.collects("Headwear / Hats");
  await keeper.lists({ title: "Headphones" });
  await keeper.lists({ title: "Wireless Headphones", tags: ["headset"] });
  await keeper.lists({ title: "Wired Headphones" });
  await keeper.lists({ title: "Café au lait bowl" });
  await keeper.lists({ title: "Headless secret", status: "DRAFT" });
});
afterAll(() => app.close());

const SUGGEST = `query($prefix: String!, $first: Int) { suggestions(prefix: $prefix, first: $first) {
  text product { title } collection { title } } }`;
type Suggestion = { text: string; product: object | null; collection: object | null };

async function suggestions(prefix: string, first?: number | null) {
  const { data, codes } = await app.ask(null, SUGGEST, { prefix, first });
  return {
    codes,
    all: data?.suggestions as Suggestion[],
    texts: data?.suggestions?.map(({ text }: Suggestion) => text),
  };
}

test("collections, then products, then words; what begins with the text first", async () => {
  const { all } = await suggestions("head");
  expect(all).toEqual([
    { text: "Headwear / Hats", product: null, collection: { title: "Headwear / Hats" } },
    { text: "Headphones", product: { title: "Headphones" }, collection: null },
    { text: "Wired Headphones", product: { title: "Wired Headphones" }, collection: null },
    { text: "Wireless Headphones", product: { title: "Wireless Headphones" }, collection: null },
    { text: "headset", product: null, collection: null },
  ]);
});

test.each([
  ["any word of a title", "hat", ["Headwear / Hats"]],
  [
    "words in any order, the last one unfinished",
    "headphones wirel",
    ["Wireless Headphones", "headphones wireless"],
  ],
  ["letters without accents", "cafe a", ["Café au lait bowl"]],
  ["accents", "CAFÉ", ["Café au lait bowl"]],
  ["stop words of a title", "au", ["Café au lait bowl"]],
  ["nothing", "xyz", []],
  ["blanks", "  ", []],
  ["a wildcard", "%", []],
  ["syntax", "xyz:* | wi", []],
  ["a lone modifier", "ʼ", []],
])("completes %s", async (_what, prefix, texts) => {
  const { codes, ...found } = await suggestions(prefix);
  expect(codes).toEqual([]);
  expect(found.texts).toEqual(texts);
});

test("as many as asked for, 8 by default", async () => {
  expect((await suggestions("w", 1)).texts).toHaveLength(1);
  expect((await suggestions("he", null)).texts.length).toBeGreaterThan(3);
});

test.each([
  ["first: 0", "he", 0],
  ["first: 21", "he", 21],
  ["NUL", "he\0", 8],
  ["a lone surrogate", "\ud800", 8],
  ["10 kB", "x".repeat(10_000), 8],
])("refuses %s", async (_what, prefix, first) => {
  expect((await suggestions(prefix, first)).codes).toEqual(["BAD_USER_INPUT"]);
});

test("says nothing of drafts, not even their words", async () => {
  expect((await suggestions("headl")).texts).toEqual([]);
  expect((await suggestions("secr")).texts).toEqual([]);
});
