import { Prisma } from "../generated/prisma/client";
import { type PageArgs, pageRows, toConnection } from "../platform/connection";
import type { Context } from "../platform/context";
import type { Names } from "../platform/selected-names";
import type { StoredProduct } from "./catalog.rows";
import { countProducts } from "./count-products";
import { narrowedRows } from "./narrowed-page";
import type { ProductSort } from "./product.types";
import { productColumns, productPage } from "./product-columns";
import { filterCurrency, isNarrow, statusCondition } from "./product-filter";
import type { ProductFilter } from "./product-filter.types";
import { isByPrice, keyOf, productOrder, readProductPage } from "./product-order";
import { toProduct } from "./product-row";

type Ask = PageArgs & { filter?: ProductFilter | null; sort?: ProductSort | null };

/**
 * A page of the products that the caller may see, with its totalCount, in one statement; the price sorts leave out products without a
 * price in the filter's currency.
 * @throws BAD_USER_INPUT for a bad page size, cursor or filter
 */
export async function listProducts(ctx: Context, { filter, ...ask }: Ask, names: Names) {
  const sort = ask.sort ?? "TITLE";
  const page = readProductPage(ask, sort);
  const order = productOrder(sort, filterCurrency(ctx, filter), page.backward);
  const counted = countProducts(ctx, filter, isByPrice(sort));
  const status = statusCondition(ctx, filter);
  const [narrow, told] = [isNarrow(filter ?? {}), names.has("totalCount")];
  const rows = narrow
    ? narrowedRows({ order, page, status })
    : pageRows(
        Prisma.sql`SELECT p.*, ${order.key} AS key FROM products p ${order.join}
          WHERE ${Prisma.join([status, ...order.after(page.cursor)], " AND ")} ORDER BY ${order.by}`,
        page,
      );
  const found = await ctx.reads.$queryRaw<(StoredProduct & { total: number | null })[]>`
    ${narrow || told ? counted.ctes : Prisma.empty}
    SELECT ${productColumns(names)}, p.key, ${told ? counted.total : Prisma.sql`NULL::int`} AS total
    FROM ${productPage(rows)} ORDER BY ${order.again}`;
  /** Beyond the last product no row tells it. */
  async function count() {
    if (found[0]?.total != null) return found[0].total;
    const [{ total } = { total: 0 }] = await ctx.reads.$queryRaw<{ total: number }[]>`
      ${counted.ctes} SELECT ${counted.total} AS total`;
    return total;
  }
  return toConnection(found.map(toProduct), page, keyOf(sort), count);
}
