import type { ProductStatus } from "../generated/prisma/enums";
import type { Reads } from "../platform/replica";
import type { ProductRow, StoredVariant, VariantRow } from "./catalog.rows";
import { toVariant } from "./variant-row";

/** A variant beside what decides who may see it. */
export type FoundVariant = { variant: VariantRow; productStatus: ProductStatus };

/** The variants of these uuids, archived or not, whatever their product's status, in one statement; `loadProduct` finds their product. */
export async function readVariants(
  reads: Reads,
  uuids: readonly string[],
  loadProduct: (uuid: string) => Promise<ProductRow>,
): Promise<FoundVariant[]> {
  const found = await reads.$queryRaw<{ document: string; product: string; productStatus: ProductStatus }[]>`
    SELECT v.document::text AS document, p.id AS product, p.status AS "productStatus"
    FROM variant_contents v JOIN products p ON p.id = v.product_id WHERE v.variant_id = ANY(${uuids}::uuid[])`;
  return found.map(({ document, product, productStatus }) => ({
    variant: toVariant(JSON.parse(document) as StoredVariant, () => loadProduct(product)),
    productStatus,
  }));
}
