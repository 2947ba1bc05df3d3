import { startTestApp, type TestApp } from "./support/app";
import { aProduct } from "./support/builders";
import { countStatements } from "./support/count-statements";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** What a request is said to cost before it is executed. */
const requested = async (document: string, variables: object = {}) =>
  (await app.ask(null, document, variables)).extensions?.cost.requestedQueryCost;

const CARD = "id title images { url } priceRange { min { amount } } variants { id price { amount } }";

describe("an object costs 1, a scalar nothing, a list its length", () => {
  test.each<[string, string, object, number]>([
    ["nothing but the type: the least there is", "{ __typename }", {}, 1],
    ["one object", '{ productByHandle(handle: "tea") { id title tags } }', {}, 1],
    ["a list of its usual length", '{ productByHandle(handle: "tea") { id variants { id } } }', {}, 1 + 2],
    ["a page of 20 unless asked otherwise", "{ products { nodes { id } } }", {}, 1 + 20],
    [
      "a page as long as it is asked for",
      "{ products(first: 7) { nodes { id } pageInfo { endCursor } } }",
      {},
      1 + 7 + 1,
    ],
    ["backward, too", "{ products(last: 9) { nodes { id } } }", {}, 1 + 9],
    ["edges and their nodes", "{ products(first: 10) { edges { cursor node { id } } } }", {}, 1 + 10 * 2],
    ["a default of its own", '{ suggestions(prefix: "t") { text } }', {}, 8],
    ["a null is the default", "{ products(first: null) { nodes { id } } }", {}, 1 + 20],
    ["a variable", "query($n: Int) { products(first: $n) { nodes { id } } }", { n: 30 }, 1 + 30],
    ["a variable that is not sent", "query($n: Int) { products(first: $n) { nodes { id } } }", {}, 1 + 20],
    ["a variable's default", "query($n: Int = 4) { products(first: $n) { nodes { id } } }", {}, 1 + 4],
    ["ids", "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids: ["prod_1", "prod_2", "prod_3"] }, 3],
    ["ids in the document", '{ nodes(ids: ["prod_1", "prod_2"]) { id } }', {}, 2],
    ["as many as are served at most", "{ products(first: 2000000000) { nodes { id } } }", {}, 1 + 100],
    [
      "a product list's card",
      `{ products(first: 20) { nodes { ${CARD} } } }`,
      {},
      1 + 20 * (1 + 2 + 2 + 2 * 2),
    ],
    [
      "lists in lists",
      "{ collections(first: 5) { nodes { products(first: 4) { nodes { variants { id } } } } } }",
      {},
      1 + 5 * (1 + 1 + 4 * (1 + 2)),
    ],
    [
      "fragments",
      "{ products(first: 3) { ...P } } fragment P on ProductConnection { nodes { ... { images { url } } } }",
      {},
      1 + 3 * (1 + 2),
    ],
    [
      "the same field twice: it is answered once",
      "{ products { nodes { id } } products { nodes { title } } }",
      {},
      1 + 20,
    ],
    [
      "the same under two names",
      "{ a: products { nodes { id } } b: products { nodes { id } } }",
      {},
      2 * (1 + 20),
    ],
    [
      "what is literally left out",
      "{ shop { name } products @include(if: false) { nodes { id } } a: products @skip(if: true) { nodes { id } } }",
      {},
      1,
    ],
    [
      "what a variable leaves out",
      "query($no: Boolean!) { shop { name } products @include(if: $no) { nodes { id } } }",
      { no: false },
      1 + 1 + 20,
    ],
    ["a search", '{ search(query: "tea", first: 5) { nodes { id } totalCount } }', {}, 1 + 5],
    [
      "a search that counts its facets",
      '{ search(query: "tea", first: 5) { nodes { id } facets { values { count } } } }',
      {},
      1 + 5 + 100 + 6 * (1 + 10),
    ],
    [
      "a mutation: 10 and what it answers with",
      "mutation { createCart(input: {}) { cart { id lines { id } } userErrors { code } } }",
      {},
      10 + 1 + 1 + 3 + 1,
    ],
    ["the schema of the API", "{ __schema { types { name fields { name type { name } } } } }", {}, 100],
  ])("%s", async (_what, document, variables, cost) => {
    expect(await requested(document, variables)).toBe(cost);
  });
});

test("an answer's own cost is the objects in it", async () => {
  const product = await aProduct(app.db, { title: "Counted" });
  const { data, extensions } = await app.ask(
    null,
    `query($id: ID!) { product(id: $id) { ${CARD} } nodes(ids: [$id, $id]) { ... on Product { variants { id } } } }`,
    { id: product.id },
  );
  expect(data.product.variants).toHaveLength(1);
  expect(extensions.cost.actualQueryCost).toBe(1 + 2 + 1 * 2 + 2 * (1 + 1));
});

test("what has too little to do with its price is still counted by what was answered", async () => {
  const products = await Promise.all(
    [1, 2, 3].map(() =>
      aProduct(app.db, { vendor: "Broad", variants: Array.from({ length: 20 }, () => ({})) }),
    ),
  );
  const document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Product { variants { id } } } }";
  const { extensions } = await app.ask(null, document, { ids: products.map(({ id }) => id) });
  expect(extensions.cost).toMatchObject({ requestedQueryCost: 3 * (1 + 2), actualQueryCost: 3 * (1 + 20) });
});

describe("a request beyond the limit is refused before anything is executed", () => {
  const PAGES = "products(first: 100) { nodes { collections { products(first: 100) { nodes { id } } } } }";
  const nested = `query($n: Int!) { collections(first: $n) { nodes { products(first: $n) { nodes { collections { products(first: $n) { nodes { id } } } } } } } }`;
  test.each<[string, string, object]>([
    ["100 in 100 in 100, by variable", nested, { n: 100 }],
    ["100 in 100, in the document", `{ ${PAGES} }`, {}],
    ["the same, by fragments", `{ ...A } fragment A on Query { ...B } fragment B on Query { ${PAGES} }`, {}],
    [
      "many names for a middling list",
      `{ ${Array.from({ length: 15 }, (_, i) => `a${i}: collections(first: 100) { nodes { children { children { title } } } }`).join(" ")} }`,
      {},
    ],
    [
      "objects by id that hold lists",
      "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Collection { products(first: 100) { nodes { id } } } } }",
      { ids: Array(100).fill("coll_1") },
    ],
    [
      "lists of two kinds under one name",
      "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Account { x: orders(first: 1) { pageInfo { endCursor } nodes { id } } } ... on Collection { x: products(first: 100) { pageInfo { endCursor } nodes { id } } } } }",
      { ids: Array(100).fill("coll_1") },
    ],
  ])("%s", async (_what, document, variables) => {
    let answer = await app.ask(null, document, variables); // the first one also parses and validates
    const statements = await countStatements(async () => {
      const started = performance.now();
      answer = await app.ask(null, document, variables);
      expect(performance.now() - started).toBeLessThan(100);
    });
    expect([answer.status, answer.codes, answer.data]).toEqual([400, ["MAX_COST_EXCEEDED"], undefined]);
    expect(answer.errors[0]?.extensions.cost).toEqual(answer.extensions.cost);
    expect(answer.extensions.cost.requestedQueryCost).toBeGreaterThan(10_000);
    expect(answer.extensions.cost.actualQueryCost).toBeNull();
    expect(statements).toBe(0);
  });

  test("with a page of its own length it is answered", async () => {
    const { status, codes } = await app.ask(null, nested, { n: 15 });
    expect([status, codes]).toEqual([200, []]);
  });
});
