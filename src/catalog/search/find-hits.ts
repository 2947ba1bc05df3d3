import { Prisma } from "../../generated/prisma/client";
import type { Page } from "../../platform/connection";
import type { Context } from "../../platform/context";
import type { Names } from "../../platform/selected-names";
import type { ProductRow, StoredProduct } from "../catalog.rows";
import { productColumns, productTables } from "../product-columns";
import { filterCurrency } from "../product-filter";
import type { ProductFilter } from "../product-filter.types";
import { shown } from "../read-products";
import { countFacets, type Facet, type FacetRow, toFacets } from "./count-facets";
import { matchFilter } from "./match-filter";
import { matchWords } from "./match-words";
import { pageOfNewest, pageOfPrices, pageOfRanks } from "./page-of-hits";
import type { ParsedQuery } from "./parse-query";
import { SearchSort } from "./search.types";

export type Lookup = {
  query: ParsedQuery;
  filter: ProductFilter | null | undefined;
  sort: SearchSort;
  page: Page;
  /** What is asked for, of products and beside them (selectedNames): what nobody selected stays in the database, facets are not counted */
  names: Names;
};
/** `key` is what the sort goes by, rising; the uuid decides between equal ones. */
export type Hit = { key: number; product: ProductRow };
/** `hits` are one more than the page when there are more. */
export type Hits = { hits: Hit[]; total: number; facets: Facet[] };

const NONE: Hits = { hits: [], total: 0, facets: [] };

/** The first row tells of all hits. Where the page is empty it is the only one, without a place and a product. */
type Row = StoredProduct & { place: number | null; total: number; facets: FacetRow[] | null };

/**
 * One page of what has all words of the query and passes the filter, how many there are, and their facets, in one statement over bits. Price
 * sorts leave out what has no price in the filter's currency. Where nothing was typed, nothing is more relevant than the newest.
 */
export async function findHits(ctx: Context, { query, filter, sort, page, names }: Lookup): Promise<Hits> {
  const currency = filterCurrency(ctx, filter);
  const byPrice = sort === SearchSort.PRICE_ASC || sort === SearchSort.PRICE_DESC;
  const { sql: allowed, skips } = matchFilter(ctx, filter, byPrice);
  if (query.words.length === 0 && !query.everything) return NONE;
  const paged = byPrice
    ? pageOfPrices(page, currency, sort === SearchSort.PRICE_DESC)
    : sort === SearchSort.RELEVANCE && !query.everything
      ? pageOfRanks(page)
      : pageOfNewest(page);
  const facets = names.has("facets");
  const rows = await ctx.reads.$queryRaw<Row[]>`
    WITH ${matchWords(query)}, ${allowed}, hits AS MATERIALIZED (
      SELECT * FROM (SELECT a.skip, a.block, f.bits & a.bits AS bits FROM allowed a JOIN found f ON f.block = a.block OFFSET 0) both_say
      WHERE bit_count(bits) > 0
    ), total AS MATERIALIZED (SELECT coalesce(sum(bit_count(bits)), 0)::int AS total FROM hits WHERE skip = 0),
    ${paged}${facets ? Prisma.sql`, ${countFacets(skips, currency)}` : Prisma.empty}
    SELECT product.*, page.key::float8 AS place, total, ${facets ? ONCE : Prisma.sql`NULL::json`} AS facets FROM total LEFT JOIN (
      page CROSS JOIN LATERAL (SELECT ${productColumns(names)} FROM ${productTables} WHERE p.id = page.uuid OFFSET 0) product
    ) ON true ORDER BY page.key, page.uuid`;
  const [first] = rows;
  if (!first) throw new Error("the statement tells a total at least");
  const hits = rows.flatMap((row) => {
    if (row.place === null) return [];
    const product = shown(ctx, row);
    return product ? [{ key: row.place, product }] : [];
  });
  return { hits, total: first.total, facets: toFacets(first.facets ?? [], skips) };
}

/** In the first row only, so that they are sent once. */
const ONCE = Prisma.sql`CASE WHEN row_number() OVER (ORDER BY page.key, page.uuid) = 1 THEN (SELECT json_agg(row_to_json(facets)) FROM facets) END`;
