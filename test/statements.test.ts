import { createUser } from "../bench/driver/user";
import { flowOf, scenarios } from "../bench/scenarios";
import { checkOut, type ShopData } from "../bench/scenarios/ours";
import { statementCounts } from "../bench/statement-counts";
import { newId, toId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aZone, unique } from "./support/builders";
import { countStatements } from "./support/count-statements";
import { forgetSessions, KEEPING_SESSIONS } from "./support/kept-sessions";
import { aShopkeeper, type Shopkeeper } from "./support/listing";
import { GOOD_PASSWORD, signIn, signUp } from "./support/sign-up";

let app: TestApp;
let keeper: Shopkeeper;
let collection: string;
beforeAll(async () => {
  app = await startTestApp(KEEPING_SESSIONS);
  keeper = await aShopkeeper(app);
  collection = await keeper.collects("All");
  await fill(1);
});
afterAll(() => app.close());

/** So many products with variants, each in a collection of its own below one that holds them all. */
async function fill(count: number) {
  for (let made = 0; made < count; made++) {
    const own = await keeper.collects(`Part ${unique()}`, collection);
    await keeper.lists({ title: `Widget ${unique()}`, collectionIds: [own], options: { Size: ["S", "M"] } });
  }
}

const product = `id title descriptionHtml tags available images { url } options { name values } priceRange { min { amount } }
  collections { title parent { title } } variants { title sku available selectedOptions { value } price { amount } image { url } product { title } }`;
const LISTS: Record<string, string> = {
  products: `{ products(first: 100) { totalCount nodes { ${product} } } }`,
  "products by price": `{ products(first: 100, sort: PRICE_DESC, filter: { available: true }) { edges { cursor node { ${product} } } } }`,
  search: `{ search(query: "widget", first: 100) { totalCount facets { name values { value count } } nodes { ${product} } } }`,
  suggestions: `{ suggestions(prefix: "wid", first: 20) { text product { ${product} } collection { title children { title } } } }`,
  collections: `{ collections(first: 100) { totalCount nodes { title parent { title } children { title } products(first: 5) { totalCount nodes { ${product} } } } } }`,
  "a collection's products": `query($id: ID!) { collection(id: $id) { children { title } products(first: 100) { nodes { ${product} } } } }`,
};

test("no list costs more statements when it gets longer", async () => {
  const measure = async () => {
    const counts: Record<string, number> = {};
    for (const [name, document] of Object.entries(LISTS))
      counts[name] = await countStatements(async () => {
        const { errors, data } = await app.ask(null, document, { id: collection });
        expect(errors).toEqual([]);
        expect(JSON.stringify(data)).toContain("Widget");
      });
    return counts;
  };
  const short = await measure();
  await fill(49);
  expect(await measure()).toEqual(short);
  for (const count of Object.values(short)) expect(count).toBeLessThanOrEqual(9);
  expect(short.products).toBe(2); // the page with its totalCount and the collections, their parents
});

test("objects by id are fetched together, one statement a kind", async () => {
  const found = await app.db.product.findMany({ include: { variants: true }, take: 20 });
  const ids = found.flatMap(({ id, variants }) => [
    toId("prod", id),
    ...variants.map((variant) => toId("var", variant.id)),
    toId("prod", newId()),
  ]);
  const NODES =
    "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Variant { product { title } } } }";
  const statements = await countStatements(() => app.ask(null, NODES, { ids: ids.slice(0, 100) }));
  expect(statements).toBeLessThanOrEqual(3);
});

describe("what the bench measures costs as many statements as its table says", () => {
  const PAGE = "{ products(first: 2) { pageInfo { startCursor } nodes { handle variants { id } } } }";
  let data: ShopData;
  beforeAll(async () => {
    await aZone(app.db);
    const customer = await signUp(app, { password: GOOD_PASSWORD });
    const { accessToken: token } = await signIn(app, customer);
    const { products } = (await app.ask(null, PAGE)).data;
    const [{ handle, variants }] = products.nodes;
    data = {
      cursors: [products.pageInfo.startCursor],
      handles: [handle],
      terms: ["widget"],
      phrases: ["widget"],
      collectionIds: [collection],
      variantIds: variants.map(({ id }: { id: string }) => id),
      customers: [{ email: customer.email, token }],
      password: GOOD_PASSWORD,
    };
    const user = createUser(app.url);
    user.headers = { authorization: `Bearer ${token}` };
    await checkOut(user, data.variantIds[0] ?? "", customer.email);
    user.close();
  });
  test.each(scenarios.filter(({ targets }) => targets.includes("ours")).map(({ name }) => name))(
    "%s",
    async (name) => {
      const flow = flowOf("ours", name, data);
      const user = createUser(app.url);
      await forgetSessions(app); // those that are kept are five seconds old at most
      await flow(user);
      expect(await countStatements(() => flow(user))).toBe(statementCounts[name]?.ours);
      user.close();
    },
  );
});
