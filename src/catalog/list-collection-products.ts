import { Prisma } from "../generated/prisma/client";
import { type PageArgs, toConnection } from "../platform/connection";
import type { Context } from "../platform/context";
import { load } from "../platform/loaders";
import type { Names } from "../platform/selected-names";
import type { StoredProduct } from "./catalog.rows";
import { allowedProducts, HITS_TOTAL } from "./count-products";
import { narrowedRows } from "./narrowed-page";
import type { ProductSort } from "./product.types";
import { productColumns, productPage } from "./product-columns";
import { filterCurrency, statusCondition } from "./product-filter";
import { isByPrice, keyOf, productOrder, readProductPage } from "./product-order";
import { toProduct } from "./product-row";

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
  const rows = narrowedRows({ order, page, status: statusCondition(ctx, null) });
  return ctx.reads.$queryRaw<(StoredProduct & { of: string })[]>`
    ${treesOf(ctx, collections, ask.sort)}
    SELECT wanted.id AS of, found.* FROM unnest(${collections}::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
      WITH ${HITS_OF_WANTED} SELECT ${productColumns(new Set(ask.names))}, p.key FROM ${productPage(rows)} ORDER BY ${order.again}
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

const readCounts = (ctx: Context, collections: string[], sort: ProductSort) => ctx.reads.$queryRaw<
  { of: string; count: number }[]
>`
  ${treesOf(ctx, collections, sort)}
  SELECT wanted.id AS of, (WITH ${HITS_OF_WANTED} SELECT ${HITS_TOTAL}) AS count FROM unnest(${collections}::uuid[]) AS wanted(id)`;

/** CTEs of each wanted collection with all below it, and of what may be shown. UNION, not UNION ALL: a loop in the tree would end. */
const treesOf = (
  ctx: Context,
  collections: readonly string[],
  sort: ProductSort,
) => Prisma.sql`WITH RECURSIVE tree AS (
  SELECT id AS root, id FROM unnest(${collections}::uuid[]) AS id
  UNION SELECT tree.root, c.id FROM tree JOIN collections c ON c.parent_id = tree.id
), ${allowedProducts(ctx, null, isByPrice(sort))}`;

/** A CTE for each row of `wanted` by itself. */
const HITS_OF_WANTED = Prisma.sql`hits AS MATERIALIZED (
  SELECT t.block, t.bits & a.bits AS bits FROM (
    SELECT b.block, bit_or(b.bits) AS bits FROM tree JOIN search_bits b ON b.key = 'collection:' || tree.id
    WHERE tree.root = wanted.id GROUP BY 1
  ) t JOIN allowed a ON a.block = t.block AND a.skip = 0)`;
