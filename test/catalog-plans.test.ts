import pg from "pg";
import { fillCatalog } from "../bench/catalog/fill-catalog";
import { startTestApp, type TestApp } from "./support/app";
import { aPerson } from "./support/person";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ DATABASE_POOL: "2", RESPONSE_CACHE_MB: "0" });
  const owner = new pg.Client({ connectionString: app.database.ownerUrl });
  await owner.connect();
  await fillCatalog({ owner, products: 2_000 }).finally(() => owner.end());
});
afterAll(() => app.close());

/** How often statements like these were planned for their parameters, and how often the one plan for all served. */
async function countPlans(...parts: string[]) {
  const like = parts.map((part) => `%${part}%`);
  const ofOneConnection = () => app.db.$queryRaw<[{ anew: number; kept: number }]>`
    SELECT coalesce(sum(custom_plans), 0)::int AS anew, coalesce(sum(generic_plans), 0)::int AS kept
    FROM pg_prepared_statements, pg_sleep(0.1) WHERE statement LIKE ALL (${like}::text[])`;
  const [[one], [other]] = await Promise.all([ofOneConnection(), ofOneConnection()]);
  return { anew: one.anew + other.anew, kept: one.kept + other.kept };
}

test("a page is planned once, whatever its size: to plan it anew each time takes as long as to read it", async () => {
  const PAGE =
    "query($first: Int) { products(first: $first) { totalCount nodes { title variants { sku } } } }";
  for (let size = 1; size <= 30; size++) {
    const { products } = (await app.ask(null, PAGE, { first: size })).data;
    expect(products.nodes).toHaveLength(size);
  }
  expect(await countPlans("product_documents", "LIMIT")).toEqual({ anew: 0, kept: 30 });
});

test("who asks for products, with a session, is planned once: however many are asked for together", async () => {
  const { token } = await aPerson(app);
  const { products } = (await app.ask(null, "{ products(first: 20) { nodes { id handle } } }")).data;
  const DETAIL = "query($handle: String!) { productByHandle(handle: $handle) { title variants { sku } } }";
  for (const { handle } of products.nodes)
    expect((await app.ask(token, DETAIL, { handle })).data.productByHandle.title).toBeTruthy();
  const MANY = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Product { title } } }";
  for (let count = 1; count <= 20; count++) {
    const ids = products.nodes.slice(0, count).map(({ id }: { id: string }) => id);
    expect((await app.ask(token, MANY, { ids })).data.nodes).toHaveLength(count);
  }
  expect(await countPlans("product_documents", "p.handle = ANY")).toEqual({ anew: 0, kept: 20 });
  expect(await countPlans("product_documents", "p.id = ANY")).toEqual({ anew: 0, kept: 20 });
  expect(await countPlans("access_hash = ANY")).toEqual({ anew: 0, kept: 41 }); // and once to learn who it is
});
