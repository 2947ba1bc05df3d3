import { Prisma } from "../generated/prisma/client";
import type { Sql } from "../platform/database";

/** Which products are counted: `conditions` over `p` (products), the first of which is about their status. */
export type Counted = { join: Prisma.Sql; conditions: Prisma.Sql[] };

/**
 * The count where nothing but the status decides, as an expression: product_counts knows it however many there are, so it may come along
 * with a page. Otherwise NULL, for then products are counted one by one.
 */
export function keptCount({ join, conditions }: Counted): Prisma.Sql {
  const [status, ...others] = conditions;
  return status && others.length === 0 && join === Prisma.empty
    ? Prisma.sql`(SELECT coalesce(sum(p.products), 0)::int FROM product_counts p WHERE ${status})`
    : Prisma.sql`NULL::int`;
}

/** How many products there are, over all pages. */
export async function countProducts(sql: Pick<Sql, "$queryRaw">, counted: Counted): Promise<number> {
  const { join, conditions } = counted;
  const [found] = await sql.$queryRaw<[{ count: number }]>`
    SELECT coalesce(${keptCount(counted)}, (
      SELECT count(*)::int FROM products p ${join} WHERE ${Prisma.join(conditions, " AND ")})) AS count`;
  return found.count;
}
