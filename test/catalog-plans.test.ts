import pg from "pg";
import { fillCatalog } from "../bench/catalog/fill-catalog";
import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ DATABASE_POOL: "2", RESPONSE_CACHE_MB: "0" });
  const owner = new pg.Client({ connectionString: app.database.ownerUrl });
  await owner.connect();
  await fillCatalog({ owner, products: 2_000 }).finally(() => owner.end());
});
afterAll(() => app.close());

/** How often the pages of products were planned for their parameters, and how often the one plan for all served. */
async function countPlans() {
  const ofOneConnection = () => app.db.$queryRaw<[{ anew: number; kept: number }]>`
    SELECT coalesce(sum(custom_plans), 0)::int AS anew, coalesce(sum(generic_plans), 0)::int AS kept
    FROM pg_prepared_statements, pg_sleep(0.1) WHERE statement LIKE '%product_documents%' AND statement LIKE '%LIMIT%'`;
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
  const { anew, kept } = await countPlans();
  expect(anew).toBeLessThanOrEqual(10); // PostgreSQL plans the first five of each connection for their parameters
  expect(kept).toBeGreaterThanOrEqual(20);
});
