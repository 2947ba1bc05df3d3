import { Prisma } from "../generated/prisma/client";
import { type PageArgs, toConnection } from "../platform/connection";
import type { Context } from "../platform/context";
import { load } from "../platform/loaders";
import type { StoredProduct } from "./catalog.rows";
import type { ProductSort } from "./product.types";
import { productColumns, productPage } from "./product-columns";
import { filterCurrency, productConditions } from "./product-filter";
import { keyOf, productOrder, readProductPage } from "./product-order";
import { toProduct } from "./product-row";
import type { Names } from "./selected-names";

type Ask = Pick<PageArgs, "first" | "after"> & { sort: ProductSort; names: string[] };

/**
 * A page of the products in a collection or anywhere below it that the caller may see. However many collections are asked for the
 * same page at once, it is one statement, and one more for all their totalCounts. Price sorts are in the shop's own currency, and leave
 * out what has no price in it.
 * @throws BAD_USER_INPUT for a bad page size or cursor
 */
export async function listCollectionProducts(
  ctx: Context,
  collection: string,
  args: Omit<Ask, "names">,
  names: Names,
) {
  const page = readProductPage(args, args.sort);
  const ask: Ask = { first: args.first, after: args.after, sort: args.sort, names: [...names] };
  const found = (await load(ctx, pageBatch, `${collection}${JSON.stringify(ask)}`)) ?? [];
  return toConnection(
    found.map(toProduct),
    page,
    keyOf(args.sort),
    async () => (await load(ctx, countBatch, `${collection}${args.sort}`)) ?? 0,
  );
}

const UUID_LENGTH = 36;

/** Keys are a collection's uuid and the page it wants, as JSON: equal pages are fetched together. */
async function pageBatch(ctx: Context, keys: readonly string[]) {
  const lists = new Map<string, StoredProduct[]>();
  for (const page of new Set(keys.map((key) => key.slice(UUID_LENGTH)))) {
    const wanted = keys.filter((key) => key.slice(UUID_LENGTH) === page);
    const collections = wanted.map((key) => key.slice(0, UUID_LENGTH));
    for (const { of, ...product } of await readPages(ctx, collections, JSON.parse(page))) {
      const list = lists.get(`${of}${page}`) ?? [];
      list.push(product);
      lists.set(`${of}${page}`, list);
    }
  }
  return lists;
}

function readPages(ctx: Context, collections: string[], ask: Ask) {
  const page = readProductPage(ask, ask.sort);
  const order = productOrder(ask.sort, filterCurrency(ctx, null), false);
  const conditions = [...productConditions(ctx, null), inCollection, ...order.after(page.cursor)];
  const rows = Prisma.sql`SELECT p.*, ${order.key} AS key FROM products p ${order.join}
    WHERE ${Prisma.join(conditions, " AND ")} ORDER BY ${order.by}`;
  return ctx.reads.$queryRaw<(StoredProduct & { of: string })[]>`
    ${treesOf(collections)}
    SELECT found.* FROM unnest(${collections}::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
      SELECT wanted.id AS of, ${productColumns(new Set(ask.names))}, p.key FROM ${productPage(rows, page)} ORDER BY ${order.again}
    ) found`;
}

/** Keys are a collection's uuid and the sort, which decides whether what has no price counts. */
async function countBatch(ctx: Context, keys: readonly string[]) {
  const counts = new Map<string, number>();
  for (const sort of new Set(keys.map((key) => key.slice(UUID_LENGTH)))) {
    const wanted = keys.filter((key) => key.slice(UUID_LENGTH) === sort);
    const collections = wanted.map((key) => key.slice(0, UUID_LENGTH));
    for (const { of, count } of await readCounts(ctx, collections, sort as ProductSort))
      counts.set(`${of}${sort}`, count);
  }
  return counts;
}

function readCounts(ctx: Context, collections: string[], sort: ProductSort) {
  const { join } = productOrder(sort, filterCurrency(ctx, null), false);
  return ctx.reads.$queryRaw<{ of: string; count: number }[]>`
    ${treesOf(collections)}
    SELECT wanted.id AS of, (SELECT count(*)::int FROM products p ${join}
      WHERE ${Prisma.join([...productConditions(ctx, null), inCollection], " AND ")}) AS count
    FROM unnest(${collections}::uuid[]) AS wanted(id)`;
}

/** Each wanted collection with all below it. UNION, not UNION ALL: a loop in the tree would end. */
const treesOf = (collections: readonly string[]) => Prisma.sql`WITH RECURSIVE tree AS (
  SELECT id AS root, id FROM unnest(${collections}::uuid[]) AS id
  UNION SELECT tree.root, c.id FROM tree JOIN collections c ON c.parent_id = tree.id)`;

const inCollection = Prisma.sql`p.id IN (SELECT pc.product_id FROM tree JOIN product_collections pc ON pc.collection_id = tree.id
  WHERE tree.root = wanted.id)`;
