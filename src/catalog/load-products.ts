import { type Context, isStaff } from "../platform/context";
import { load } from "../platform/loaders";
import type { ProductRow, VariantRow } from "./catalog.rows";
import { isVisible, readAnyProducts } from "./read-products";
import { readVariants } from "./read-variants";
import { withholdVariant } from "./withhold-variant";

async function productBatch(ctx: Context, uuids: readonly string[]) {
  const rows = await readAnyProducts(ctx.reads, uuids);
  return new Map(rows.map((row) => [row.uuid, row]));
}

async function variantBatch(ctx: Context, uuids: readonly string[]) {
  const rows = await readVariants(ctx.reads, uuids, (uuid) => loadProduct(ctx, uuid) as Promise<ProductRow>);
  return new Map(rows.map((row) => [row.variant.uuid, row]));
}

/** A product whatever its status, together with all that are asked for in the same tick. */
const loadProduct = (ctx: Context, uuid: string) => load(ctx, productBatch, uuid);

/**
 * A variant whatever its product's status and even when archived, for those who already hold it: a cart's line, an order's line. Of a
 * product that the caller may not see any more it says little. Batched: one statement for all that are asked for in the same tick.
 */
export async function loadVariant(ctx: Context, uuid: string): Promise<VariantRow | null> {
  const found = await load(ctx, variantBatch, uuid);
  if (!found) return null;
  return isVisible(ctx, { status: found.productStatus }) ? found.variant : withholdVariant(found.variant);
}

/** A product by uuid, or null when there is none for this caller. Batched. */
export async function findProduct(ctx: Context, uuid: string): Promise<ProductRow | null> {
  const product = await loadProduct(ctx, uuid);
  return product && isVisible(ctx, product) ? product : null;
}

/** A variant by uuid, or null when there is none for this caller: archived, or its product is not to be seen. Batched. */
export async function findVariant(ctx: Context, uuid: string): Promise<VariantRow | null> {
  const found = await load(ctx, variantBatch, uuid);
  const shown = found && (isStaff(ctx) || (!found.variant.archived && found.productStatus === "ACTIVE"));
  return shown ? found.variant : null;
}
