import pg from "pg";
import { fillCatalog } from "../bench/catalog/fill-catalog";
import { readId, toId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
let owner: pg.Client;
beforeAll(async () => {
  app = await startTestApp({ RESPONSE_CACHE_MB: "0" });
  owner = new pg.Client({ connectionString: app.database.ownerUrl });
  await owner.connect();
  await fillCatalog({ owner, products: 6_000 }); // more than are sorted at once
}, 60_000);
afterAll(async () => {
  await owner.end();
  await app.close();
});

const PAGE = `query($filter: ProductFilter, $sort: ProductSort, $after: String) {
  products(first: 40, filter: $filter, sort: $sort, after: $after) { totalCount nodes { id } pageInfo { endCursor } } }`;

/** Uuids of the first two pages, and how many there are in all. */
async function walk(filter: object | null, sort: string) {
  const { products: first } = (await app.ask(null, PAGE, { filter, sort })).data;
  const { products: next } = (await app.ask(null, PAGE, { filter, sort, after: first.pageInfo.endCursor }))
    .data;
  const uuids = [...first.nodes, ...next.nodes].map(({ id }: { id: string }) => readId("prod", id));
  return { count: first.totalCount, uuids };
}

/** The same as the tables tell it. */
async function truth(condition: string, order: string) {
  const { rows } = await owner.query<{ id: string }>(`SELECT p.id FROM products p
    LEFT JOIN product_price_ranges r ON r.product_id = p.id AND r.currency = 'EUR' WHERE p.status = 'ACTIVE' AND ${condition} ORDER BY ${order}`);
  return { count: rows.length, uuids: rows.slice(0, 80).map(({ id }) => id) };
}

const ORDERS: Record<string, string> = {
  TITLE: "p.title, p.id",
  NEWEST: "p.created_at DESC, p.id DESC",
  PRICE_ASC: "r.min_amount, p.id",
  PRICE_DESC: "r.min_amount DESC, p.id DESC",
};

describe.each(Object.entries(ORDERS))("pages and counts by %s are what the tables tell", (sort, order) => {
  test("of all products", async () => {
    expect(await walk(null, sort)).toEqual(await truth("true", order));
  });
  test("of more than are sorted at once", async () => {
    const told = await truth("p.available", order);
    expect(told.count).toBeGreaterThan(5_000);
    expect(await walk({ available: true }, sort)).toEqual(told);
  });
  test("of a vendor's, within a range of prices", async () => {
    const { rows } = await owner.query(
      "SELECT vendor, product_type FROM products WHERE vendor IS NOT NULL LIMIT 1",
    );
    const condition = `p.vendor = '${rows[0].vendor}' AND r.max_amount >= 1234 AND r.min_amount <= 5678`;
    const told = await truth(condition, order);
    expect(told.count).toBeGreaterThan(0);
    expect(await walk({ vendor: [rows[0].vendor], minPrice: 1234, maxPrice: 5678 }, sort)).toEqual(told);
  });
  test("of a collection, as a filter and by itself", async () => {
    const { rows } = await owner.query("SELECT id FROM collections ORDER BY handle LIMIT 1");
    const told = await truth(
      `p.id IN (SELECT product_id FROM product_collections WHERE collection_id = '${rows[0].id}')`,
      order,
    );
    expect(told.count).toBeGreaterThan(80);
    const id = toId("coll", rows[0].id);
    expect(await walk({ collection: id }, sort)).toEqual(told);
    const { collection } = (
      await app.ask(
        null,
        "query($id: ID!, $sort: ProductSort) { collection(id: $id) { products(first: 80, sort: $sort) { totalCount nodes { id } } } }",
        { id, sort },
      )
    ).data;
    expect(collection.products.totalCount).toBe(told.count);
    expect(collection.products.nodes.map((node: { id: string }) => readId("prod", node.id))).toEqual(
      told.uuids,
    );
  });
});
