import { Prisma } from "../generated/prisma/client";
import { type PageArgs, toConnection } from "../platform/connection";
import type { Context } from "../platform/context";
import type { StoredProduct } from "./catalog.rows";
import { countProducts, keptCount } from "./count-products";
import type { ProductSort } from "./product.types";
import { productColumns, productPage } from "./product-columns";
import { filterCurrency, productConditions } from "./product-filter";
import type { ProductFilter } from "./product-filter.types";
import { keyOf, productOrder, readProductPage } from "./product-order";
import { toProduct } from "./product-row";
import type { Names } from "./selected-names";

type Ask = PageArgs & { filter?: ProductFilter | null; sort?: ProductSort | null };

/**
 * A page of the products that the caller may see, in one statement; the price sorts leave out products without a price in the
 * filter's currency. totalCount comes with the page where the count is kept; else it is a second statement, run when it is selected.
 * @throws BAD_USER_INPUT for a bad page size, cursor or filter
 */
export async function listProducts(ctx: Context, ask: Ask, names: Names) {
  const sort = ask.sort ?? "TITLE";
  const page = readProductPage(ask, sort);
  const order = productOrder(sort, filterCurrency(ctx, ask.filter), page.backward);
  const conditions = productConditions(ctx, ask.filter);
  const rows = Prisma.sql`SELECT p.*, ${order.key} AS key FROM products p ${order.join}
    WHERE ${Prisma.join([...conditions, ...order.after(page.cursor)], " AND ")}
    ORDER BY ${order.by}`;
  const counted = { join: order.join, conditions };
  const total = names.has("totalCount") ? keptCount(counted) : Prisma.sql`NULL::int`;
  const found = await ctx.reads.$queryRaw<(StoredProduct & { total: number | null })[]>`
    SELECT ${productColumns(names)}, p.key, ${total} AS total FROM ${productPage(rows, page)} ORDER BY ${order.again}`;
  return toConnection(
    found.map(toProduct),
    page,
    keyOf(sort),
    async () => found[0]?.total ?? countProducts(ctx.reads, counted),
  );
}
