import { startTestApp, type TestApp } from "./support/app";
import { aShopkeeper, type Shopkeeper } from "./support/listing";
import { aPerson } from "./support/person";

let app: TestApp;
let keeper: Shopkeeper;
beforeAll(async () => {
  app = await startTestApp();
  keeper = await aShopkeeper(app);
});
afterAll(() => app.close());

const SAVE = `mutation($input: SaveCollectionInput!) { saveCollection(input: $input) {
  collection { id handle title descriptionHtml parent { title } } userErrors { code path } } }`;
const save = async (input: object) => (await app.ask(keeper.token, SAVE, { input })).data.saveCollection;

describe("the tree", () => {
  let audio: string;
  let phones: string;
  beforeAll(async () => {
    audio = await keeper.collects("Audio");
    phones = await keeper.collects("Headphones", audio);
    await keeper.collects("Cables", audio);
    await keeper.collects("Äxte");
    await keeper.lists({ title: "Amp", price: 900, collectionIds: [audio] });
    await keeper.lists({ title: "Buds", price: 300, collectionIds: [phones] });
    await keeper.lists({ title: "Cans", price: 600, collectionIds: [phones, audio] });
    await keeper.lists({ title: "Draft", status: "DRAFT", collectionIds: [phones] });
  });

  test("is walked up and down", async () => {
    const { data } = await app.ask(
      null,
      `query($id: ID!) { collection(id: $id) { title parent { title } children { title parent { title } } } }`,
      { id: audio },
    );
    const children = [
      { title: "Cables", parent: { title: "Audio" } },
      { title: "Headphones", parent: { title: "Audio" } },
    ];
    expect(data.collection).toEqual({ title: "Audio", parent: null, children });
  });

  test("lists all collections, or those right below one, by title and page by page", async () => {
    const LIST = `query($parentId: ID, $first: Int, $after: String) { collections(parentId: $parentId, first: $first, after: $after) {
      nodes { title } totalCount pageInfo { hasNextPage endCursor } } }`;
    const titles = (page: { nodes: { title: string }[] }) => page.nodes.map(({ title }) => title);
    const one = (await app.ask(null, LIST, { first: 3 })).data.collections;
    expect([titles(one), one.totalCount, one.pageInfo.hasNextPage]).toEqual([
      ["Audio", "Äxte", "Cables"],
      4,
      true,
    ]);
    const two = (await app.ask(null, LIST, { first: 3, after: one.pageInfo.endCursor })).data.collections;
    expect([titles(two), two.pageInfo.hasNextPage]).toEqual([["Headphones"], false]);
    const below = (await app.ask(null, LIST, { parentId: audio })).data.collections;
    expect([titles(below), below.totalCount]).toEqual([["Cables", "Headphones"], 2]);
    for (const bad of [{ parentId: "x" }, { first: 0 }, { after: "abc" }])
      expect((await app.ask(null, LIST, bad)).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test("shows the products of a collection and all below it, sorted and page by page", async () => {
    const PRODUCTS = `query($id: ID!, $first: Int, $after: String, $sort: ProductSort) { collection(id: $id) {
      products(first: $first, after: $after, sort: $sort) { nodes { title } totalCount pageInfo { hasNextPage endCursor } } } }`;
    const list = async (more: object) =>
      (await app.ask(null, PRODUCTS, { id: audio, ...more })).data.collection.products;
    const titles = (page: { nodes: { title: string }[] }) => page.nodes.map(({ title }) => title);
    const one = await list({ first: 2, sort: "PRICE_ASC" });
    expect([titles(one), one.totalCount, one.pageInfo.hasNextPage]).toEqual([["Buds", "Cans"], 3, true]);
    expect(titles(await list({ first: 2, sort: "PRICE_ASC", after: one.pageInfo.endCursor }))).toEqual([
      "Amp",
    ]);
    expect(titles(await list({ sort: null, first: null }))).toEqual(["Amp", "Buds", "Cans"]);
    const filtered = await app.ask(
      null,
      `query($id: ID) { products(filter: { collection: $id }) { nodes { title } } }`,
      { id: audio },
    );
    expect(titles(filtered.data.products)).toEqual(["Amp", "Buds", "Cans"]);
  });

  test("counts what the sort shows: what has no price isn't in a list by price", async () => {
    const odds = await keeper.collects("Odds");
    await keeper.lists({ title: "Pin", collectionIds: [odds] });
    const unpriced = { title: "Poster", status: "ACTIVE", collectionIds: [odds] };
    const SAVE_PRODUCT = `mutation($input: SaveProductInput!) { saveProduct(input: $input) { userErrors { code } } }`;
    await app.ask(keeper.token, SAVE_PRODUCT, { input: unpriced });
    const { data } = await app.ask(
      null,
      `query($id: ID!) { collection(id: $id) {
        all: products { nodes { title } totalCount } byPrice: products(sort: PRICE_DESC) { nodes { title } totalCount } } }`,
      { id: odds },
    );
    expect(data.collection).toEqual({
      all: { nodes: [{ title: "Pin" }, { title: "Poster" }], totalCount: 2 },
      byPrice: { nodes: [{ title: "Pin" }], totalCount: 1 },
    });
  });
});

describe("saving", () => {
  test("creates, then changes only what is given; the same again is no change", async () => {
    const made = (await save({ title: "Café & Tee", descriptionHtml: "<b>x</b><script>y</script>" }))
      .collection;
    expect(made).toMatchObject({ handle: "cafe-tee", descriptionHtml: "<b>x</b>", parent: null });
    const parent = await keeper.collects("Top");
    const moved = (await save({ handle: "cafe-tee", parentId: parent })).collection;
    expect(moved).toEqual({ ...made, parent: { title: "Top" } });
    expect((await save({ id: made.id, parentId: null, title: "New" })).collection).toMatchObject({
      title: "New",
      parent: null,
    });
    const events = () => app.db.outboxEvent.count({ where: { type: "collection.saved" } });
    const before = await events();
    expect((await save({ id: made.id, title: "New" })).collection.title).toBe("New");
    expect(await events()).toBe(before);
  });

  test("refuses", async () => {
    const [one, two] = [await keeper.collects("One"), await keeper.collects("Two")];
    await save({ id: two, parentId: one });
    const refusals = [
      [{ title: " " }, "TITLE_MISSING", ["title"]],
      [{ handle: "brand-new" }, "TITLE_MISSING", ["title"]],
      [{ title: "a\0b" }, "TITLE_MISSING", ["title"]],
      [{ id: "nonsense", title: "x" }, "NOT_FOUND", ["id"]],
      [{ id: `coll_${"0".repeat(26)}`, title: "x" }, "NOT_FOUND", ["id"]],
      [{ title: "x", parentId: `coll_${"0".repeat(26)}` }, "NOT_FOUND", ["parentId"]],
      [{ id: one, handle: "two" }, "HANDLE_TAKEN", ["handle"]],
      [{ id: one, handle: "a b" }, "VALUE_INVALID", ["handle"]],
      [{ id: one, parentId: one }, "VALUE_INVALID", ["parentId"]],
      [{ id: one, parentId: two }, "VALUE_INVALID", ["parentId"]],
    ];
    for (const [input, code, path] of refusals)
      expect(await save(input as object)).toEqual({ collection: null, userErrors: [{ code, path }] });
  });

  test("two moves at once close no circle", async () => {
    const [one, two] = [await keeper.collects("East"), await keeper.collects("West")];
    const moves = await Promise.all([save({ id: one, parentId: two }), save({ id: two, parentId: one })]);
    expect(moves.flatMap(({ userErrors }) => userErrors)).toEqual([
      { code: "VALUE_INVALID", path: ["parentId"] },
    ]);
  });

  test("is for staff", async () => {
    const { token } = await aPerson(app);
    expect((await app.ask(null, SAVE, { input: { title: "x" } })).codes).toEqual(["UNAUTHENTICATED"]);
    expect((await app.ask(token, SAVE, { input: { title: "x" } })).codes).toEqual(["FORBIDDEN"]);
  });
});
