import { Prisma } from "../generated/prisma/client";
import type { Context } from "../platform/context";
import { isNarrow, statusCondition } from "./product-filter";
import type { ProductFilter } from "./product-filter.types";
import { matchFilter } from "./search/match-filter";
import { matchWords } from "./search/match-words";

/** CTEs to put before a SELECT, and the count as an expression in it. */
export type Counted = { ctes: Prisma.Sql; total: Prisma.Sql };

/** What all products are that a filter is looked for in. */
const EVERYTHING = { words: [], everything: true };
/** How many products a CTE `hits` (block, bits) holds, as an expression. */
export const HITS_TOTAL = Prisma.sql`(SELECT coalesce(sum(bit_count(bits)), 0)::int FROM hits)`;

/**
 * How many products a filter lets through, of them those with a price in its currency when `onlyPriced`: nothing is counted one by one. The status
 * alone is known to product_counts; all else to search's sets of bits, in CTEs that end in `hits` (block, bits).
 * Refused with BAD_USER_INPUT as search does: see matchFilter.
 */
export function countProducts(
  ctx: Context,
  filter: ProductFilter | null | undefined,
  onlyPriced: boolean,
): Counted {
  if (!onlyPriced && !isNarrow(filter ?? {}))
    return {
      ctes: Prisma.empty,
      total: Prisma.sql`(SELECT coalesce(sum(p.products), 0)::int FROM product_counts p WHERE ${statusCondition(ctx, filter)})`,
    };
  return {
    ctes: Prisma.sql`WITH ${allowedProducts(ctx, filter, onlyPriced)},
      hits AS MATERIALIZED (SELECT block, bits FROM allowed WHERE skip = 0)`,
    total: HITS_TOTAL,
  };
}

/** CTEs that end in `allowed` (skip, block, bits), of which `skip` 0 is what a filter lets through of all products. */
export const allowedProducts = (
  ctx: Context,
  filter: ProductFilter | null | undefined,
  onlyPriced: boolean,
) => Prisma.sql`${matchWords(EVERYTHING)}, ${matchFilter(ctx, filter, onlyPriced).sql}`;
