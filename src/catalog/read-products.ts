import { Prisma } from "../generated/prisma/client";
import type { Context } from "../platform/context";
import { isStaff } from "../platform/context";
import type { Reads } from "../platform/replica";
import type { ProductRow, StoredProduct } from "./catalog.rows";
import { productColumns, productTables } from "./product-columns";
import { toProduct } from "./product-row";
import type { Names } from "./selected-names";

/** Whether the caller may see it: whoever isn't staff sees ACTIVE products only. */
export const isVisible = (ctx: Context, product: { status: string }) =>
  isStaff(ctx) || product.status === "ACTIVE";

/**
 * The products of these uuids that the caller may see, complete, in the order given, in one statement. `names` (selectedNames) leaves
 * out the lists nobody asked for.
 */
export async function readProducts(
  ctx: Context,
  uuids: readonly string[],
  names?: Names,
): Promise<ProductRow[]> {
  const found = await readAnyProducts(ctx.reads, uuids, names);
  return found.filter((product) => isVisible(ctx, product));
}

/** As readProducts, whoever asks and whatever the status. */
export async function readAnyProducts(
  reads: Reads,
  uuids: readonly string[],
  names?: Names,
): Promise<ProductRow[]> {
  if (uuids.length === 0) return [];
  const found = await reads.$queryRaw<StoredProduct[]>`
    SELECT ${productColumns(names)} FROM ${productTables} JOIN unnest(${uuids}::uuid[]) WITH ORDINALITY AS wanted(id, place)
      ON wanted.id = p.id ORDER BY wanted.place`;
  return found.map(toProduct);
}

/** One product by uuid or handle, or null when there is none for this caller. */
export async function readProduct(
  ctx: Context,
  by: { uuid: string } | { handle: string },
  names?: Names,
): Promise<ProductRow | null> {
  const key = "uuid" in by ? Prisma.sql`p.id = ${by.uuid}::uuid` : Prisma.sql`p.handle = ${by.handle}`;
  const [found] = await ctx.reads.$queryRaw<StoredProduct[]>`
    SELECT ${productColumns(names)} FROM ${productTables} WHERE ${key}`;
  return found && isVisible(ctx, found) ? toProduct(found) : null;
}
