import { Prisma } from "../generated/prisma/client";
import { type Batch, coalesce } from "../platform/coalesce";
import type { Context } from "../platform/context";
import { isStaff } from "../platform/context";
import type { Reads } from "../platform/replica";
import type { Names } from "../platform/selected-names";
import type { ProductRow, StoredProduct } from "./catalog.rows";
import { productColumns, productTables } from "./product-columns";
import { toProduct } from "./product-row";

/** Whether the caller may see it: whoever isn't staff sees ACTIVE products only. */
export const isVisible = (ctx: Context, product: { status: string }) =>
  isStaff(ctx) || product.status === "ACTIVE";

/**
 * The products of these uuids that the caller may see, in the order given, together with what other requests ask for now (coalesce.ts).
 * `names` (selectedNames) leaves out what nobody asked for.
 */
export async function readProducts(
  ctx: Context,
  uuids: readonly string[],
  names: Names,
): Promise<ProductRow[]> {
  if (uuids.length === 0) return [];
  const found = await coalesce(ctx.reads, byUuid(names), uuids);
  return uuids.flatMap((uuid) => shown(ctx, found.get(uuid)) ?? []);
}

/** One product by uuid or handle, or null when there is none for this caller. As readProducts. */
export async function readProduct(
  ctx: Context,
  by: { uuid: string } | { handle: string },
  names: Names,
): Promise<ProductRow | null> {
  const [batch, key] = "uuid" in by ? [byUuid(names), by.uuid] : [byHandle(names), by.handle];
  const found = await coalesce(ctx.reads, batch, [key]);
  return shown(ctx, found.get(key));
}

/** Whoever asks gets a row of his own, or null if he may not see the product. */
export const shown = (ctx: Context, found: StoredProduct | undefined) =>
  found && isVisible(ctx, found) ? toProduct(found) : null;

const byUuid = batchesBy(Prisma.sql`p.id`, Prisma.sql`uuid`);
const byHandle = batchesBy(Prisma.sql`p.handle`, Prisma.sql`text`);

/** Products by a unique column: one batch for all who selected the same `names`. */
function batchesBy(column: Prisma.Sql, type: Prisma.Sql) {
  const known = new WeakMap<Names, Batch<StoredProduct>>();
  const make =
    (names: Names): Batch<StoredProduct> =>
    async (reads, keys) => {
      const found = await reads.$queryRaw<(StoredProduct & { key: string })[]>`
        SELECT ${productColumns(names)}, ${column} AS key FROM ${productTables} WHERE ${column} = ANY(${keys}::${type}[])`;
      return new Map(found.map((product) => [product.key, product]));
    };
  return (names: Names) => {
    const batch = known.get(names) ?? make(names);
    known.set(names, batch);
    return batch;
  };
}

/** The products of these uuids, complete, whoever asks and whatever their status, in one statement. */
export async function readAnyProducts(reads: Reads, uuids: readonly string[]): Promise<ProductRow[]> {
  const found = await reads.$queryRaw<StoredProduct[]>`
    SELECT ${productColumns()} FROM ${productTables} WHERE p.id = ANY(${uuids}::uuid[])`;
  return found.map(toProduct);
}
