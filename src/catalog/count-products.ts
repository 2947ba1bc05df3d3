import { Prisma } from "../generated/prisma/client";
import type { Sql } from "../platform/database";

/**
 * How many products fulfil the conditions over `p` (products), the first of which is about their status. Without any other they are not
 * counted one by one: product_counts knows, however many there are.
 */
export async function countProducts(sql: Sql, join: Prisma.Sql, conditions: Prisma.Sql[]): Promise<number> {
  const [status, ...others] = conditions;
  const [counted] =
    status && others.length === 0 && join === Prisma.empty
      ? await sql.$queryRaw<[{ count: number }]>`
          SELECT coalesce(sum(p.products), 0)::int AS count FROM product_counts p WHERE ${status}`
      : await sql.$queryRaw<[{ count: number }]>`
          SELECT count(*)::int AS count FROM products p ${join} WHERE ${Prisma.join(conditions, " AND ")}`;
  return counted.count;
}
