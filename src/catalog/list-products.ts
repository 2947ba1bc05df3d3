import { Prisma } from "../generated/prisma/client";
import { type PageArgs, toConnection } from "../platform/connection";
import type { Context } from "../platform/context";
import type { Sql } from "../platform/database";
import type { StoredProduct } from "./catalog.rows";
import type { ProductSort } from "./product.types";
import { productColumns } from "./product-columns";
import { filterCurrency, productConditions } from "./product-filter";
import type { ProductFilter } from "./product-filter.types";
import { keyOf, productOrder, readProductPage } from "./product-order";
import { toProduct } from "./product-row";
import type { Names } from "./selected-names";

type Ask = PageArgs & { filter?: ProductFilter | null; sort?: ProductSort | null };
type Found = { product: StoredProduct };

/**
 * A page of the products that the caller may see, in one statement; the price sorts leave out products without a price in the
 * filter's currency. totalCount is a second statement, run when it is selected.
 * @throws BAD_USER_INPUT for a bad page size, cursor or filter
 */
export async function listProducts(ctx: Context, ask: Ask, names: Names) {
  const sort = ask.sort ?? "TITLE";
  const page = readProductPage(ask, sort);
  const order = productOrder(sort, filterCurrency(ctx, ask.filter), page.backward);
  const conditions = productConditions(ctx, ask.filter);
  const found = await ctx.db.$queryRaw<Found[]>`
    SELECT row_to_json(r) AS product FROM (
      SELECT ${productColumns(names)}, ${order.key} AS key FROM products p ${order.join}
      WHERE ${Prisma.join([...conditions, ...order.after(page.cursor)], " AND ")}
      ORDER BY ${order.by} LIMIT ${page.limit + 1}::int
    ) r`;
  const rows = found.map(({ product }) => toProduct(product));
  return toConnection(rows, page, keyOf(sort), () => countProducts(ctx.db, order.join, conditions));
}

/** How many products fulfil the conditions over `p`. */
async function countProducts(sql: Sql, join: Prisma.Sql, conditions: Prisma.Sql[]): Promise<number> {
  const [counted] = await sql.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS count FROM products p ${join} WHERE ${Prisma.join(conditions, " AND ")}`;
  return counted.count;
}
