import type { ProductStatus } from "../generated/prisma/enums";
import type { Sql } from "../platform/database";
import type { ProductRow, StoredVariant, VariantRow } from "./catalog.rows";
import { variantColumns } from "./variant-columns";
import { toVariant } from "./variant-row";

type Found = { variant: StoredVariant & { optionNames: string[]; productStatus: ProductStatus } };

/** The variants of these uuids, archived or not, whatever their product's status, in one statement; `loadProduct` finds their product. */
export async function readVariants(
  sql: Sql,
  uuids: readonly string[],
  loadProduct: (uuid: string) => Promise<ProductRow>,
): Promise<(VariantRow & { productStatus: ProductStatus })[]> {
  const found = await sql.$queryRaw<Found[]>`
    SELECT row_to_json(r) AS variant FROM (
      SELECT ${variantColumns()}, p.status AS "productStatus",
        coalesce((SELECT json_agg(o.name ORDER BY o.position) FROM product_options o WHERE o.product_id = p.id), '[]') AS "optionNames"
      FROM variants v JOIN products p ON p.id = v.product_id WHERE v.id = ANY(${uuids}::uuid[])
    ) r`;
  return found.map(({ variant: { optionNames, productStatus, ...stored } }) => ({
    ...toVariant(stored, optionNames, () => loadProduct(stored.productUuid)),
    productStatus,
  }));
}
