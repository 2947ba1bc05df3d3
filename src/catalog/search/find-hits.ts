import { Prisma } from "../../generated/prisma/client";
import type { Page } from "../../platform/connection";
import type { Context } from "../../platform/context";
import { filterCurrency } from "../product-filter";
import type { ProductFilter } from "../product-filter.types";
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
  /** Whether facets are counted as well */
  facets: boolean;
};
/** `key` is what the sort goes by, rising; the uuid decides between equal ones. */
export type Hit = { key: number; uuid: string };
/** `hits` are one more than the page when there are more. */
export type Hits = { hits: Hit[]; total: number; facets: Facet[] };

const NONE: Hits = { hits: [], total: 0, facets: [] };

/**
 * One page of what has all words of the query and passes the filter, how many there are, and their facets, in one statement over bits. Price
 * sorts leave out what has no price in the filter's currency. Where nothing was typed, nothing is more relevant than the newest.
 */
export async function findHits(ctx: Context, { query, filter, sort, page, facets }: Lookup): Promise<Hits> {
  const currency = filterCurrency(ctx, filter);
  const byPrice = sort === SearchSort.PRICE_ASC || sort === SearchSort.PRICE_DESC;
  const { sql: allowed, skips } = matchFilter(ctx, filter, byPrice);
  if (query.words.length === 0 && !query.everything) return NONE;
  const paged = byPrice
    ? pageOfPrices(page, currency, sort === SearchSort.PRICE_DESC)
    : sort === SearchSort.RELEVANCE && !query.everything
      ? pageOfRanks(page)
      : pageOfNewest(page);
  const told = facets
    ? Prisma.sql`(SELECT json_agg(row_to_json(facets)) FROM facets)`
    : Prisma.sql`NULL::json`;
  const [found] = await ctx.reads.$queryRaw<
    { total: number; hits: Hit[] | null; facets: FacetRow[] | null }[]
  >`
    WITH ${matchWords(query)}, ${allowed}, hits AS MATERIALIZED (
      SELECT * FROM (SELECT a.skip, a.block, f.bits & a.bits AS bits FROM allowed a JOIN found f ON f.block = a.block OFFSET 0) both_say
      WHERE bit_count(bits) > 0
    ), total AS MATERIALIZED (SELECT coalesce(sum(bit_count(bits)), 0)::int AS total FROM hits WHERE skip = 0),
    ${paged}${facets ? Prisma.sql`, ${countFacets(skips, currency)}` : Prisma.empty}
    SELECT total, (SELECT json_agg(json_build_object('key', key, 'uuid', uuid) ORDER BY key, uuid) FROM page) AS hits, ${told} AS facets
    FROM total`;
  if (!found) throw new Error("the statement tells a total at least");
  return { hits: found.hits ?? [], total: found.total, facets: toFacets(found.facets ?? [], skips) };
}
