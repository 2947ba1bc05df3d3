import { Prisma } from "../../generated/prisma/client";
import type { Page } from "../../platform/connection";
import type { Context } from "../../platform/context";
import type { ProductRow, StoredProduct } from "../catalog.rows";
import { productColumns } from "../product-columns";
import { filterCurrency, productConditions } from "../product-filter";
import type { ProductFilter } from "../product-filter.types";
import { toProduct } from "../product-row";
import type { Names } from "../selected-names";
import { type ParsedQuery, queriesOf } from "./parse-query";
import { SearchSort } from "./search.types";

export type Lookup = { query: ParsedQuery; filter: ProductFilter | null | undefined };
type Slice = { sort: SearchSort; page: Page; names?: Names };
/** A product found; `key` is what its sort goes by, rising, and the product's uuid decides between equal ones. */
export type Hit = { key: number; product: ProductRow };

/** `total` is null when it was not asked for, or could not be told beyond the last hit. */
export type HitPage = { hits: Hit[]; total: number | null };

/**
 * One page of hits and one more, complete, in one statement that counts them all as well when `names` has totalCount. Price sorts
 * leave out what has no price in the filter's currency.
 */
export async function readHits(ctx: Context, lookup: Lookup, { sort, page, names }: Slice): Promise<HitPage> {
  const { query } = lookup;
  const [, after, uuid] = page.cursor ?? [];
  const start = page.cursor
    ? Prisma.sql`WHERE (key, uuid) > (${after}::bigint, ${uuid}::uuid)`
    : Prisma.empty;
  const total = names?.has("totalCount")
    ? Prisma.sql`(SELECT count(*)::int FROM hits)`
    : Prisma.sql`NULL::int`;
  const rows = await ctx.db.$queryRaw<{ key: bigint; product: StoredProduct; total: number | null }[]>`
    WITH ${query.everything ? Prisma.empty : Prisma.sql`${queriesOf(query)},`} hits AS (
      SELECT p.id AS uuid, (${keyOf(sort, query)})::bigint AS key FROM ${found(query)} ${pricesFor(ctx, lookup, sort)}
      WHERE ${matching(ctx, lookup)}
    ), page AS MATERIALIZED (SELECT uuid, key FROM hits ${start} ORDER BY key, uuid LIMIT ${page.limit + 1}::int)
    SELECT page.key, row_to_json(r) AS product, ${total} AS total FROM page
    CROSS JOIN LATERAL (SELECT ${productColumns(names)} FROM products p WHERE p.id = page.uuid) r ORDER BY page.key, page.uuid`;
  const hits = rows.map(({ key, product }) => ({ key: Number(key), product: toProduct(product) }));
  const nothing = rows.length === 0 && !page.cursor;
  return { hits, total: nothing ? 0 : (rows[0]?.total ?? null) };
}

/** How many products that sort leaves, over all pages. */
export async function countHits(ctx: Context, lookup: Lookup, sort: SearchSort): Promise<number> {
  const queries = lookup.query.everything ? Prisma.empty : Prisma.sql`WITH ${queriesOf(lookup.query)}`;
  const [row] = await ctx.db.$queryRaw<{ count: number }[]>`
    ${queries} SELECT count(*)::int AS count FROM ${found(lookup.query)} ${pricesFor(ctx, lookup, sort)}
    WHERE ${matching(ctx, lookup)}`;
  return row?.count ?? 0;
}

/** FROM: products as p with their documents as s, and q unless everything is asked for. */
export const found = ({ everything }: ParsedQuery) =>
  Prisma.sql`${everything ? Prisma.empty : Prisma.sql`q,`} search_documents s JOIN products p ON p.id = s.product_id`;

/** The words of the query as conditions; none when everything is asked for. */
export const matches = ({ everything }: ParsedQuery) =>
  everything ? [] : [Prisma.sql`s.document @@ q.match`];

const matching = (ctx: Context, { query, filter }: Lookup) =>
  Prisma.join([...matches(query), ...productConditions(ctx, filter)], " AND ");

/** Whole numbers, so that cursors hold them exactly. Prices are the lowest of a product. Where nothing was typed, nothing is more relevant than the newest. */
function keyOf(sort: SearchSort, { everything }: ParsedQuery): Prisma.Sql {
  if (sort === SearchSort.PRICE_ASC) return Prisma.sql`r.min_amount`;
  if (sort === SearchSort.PRICE_DESC) return Prisma.sql`-r.min_amount`;
  return sort === SearchSort.RELEVANCE && !everything ? relevance : newest;
}

const newest = Prisma.sql`-extract(epoch FROM p.created_at) * 1000`;

/**
 * The SKU that was typed comes first, then titles with the words, then titles with their beginnings, then the rest; among equals
 * ts_rank (0 to 1) decides, with weights for D, C, B, A.
 */
const relevance = Prisma.sql`- CASE
    WHEN s.document @@ q.sku THEN 6000000 WHEN s.document @@ q.title THEN 4000000 WHEN s.document @@ q.title_start THEN 2000000 ELSE 0
  END - round(ts_rank('{0.1, 0.2, 0.4, 1}', s.document, q.match) * 1000000)`;

const pricesFor = (ctx: Context, { filter }: Lookup, sort: SearchSort) =>
  sort === SearchSort.PRICE_ASC || sort === SearchSort.PRICE_DESC
    ? Prisma.sql`JOIN product_price_ranges r ON r.product_id = p.id AND r.currency = ${filterCurrency(ctx, filter)}::char(3)`
    : Prisma.empty;
