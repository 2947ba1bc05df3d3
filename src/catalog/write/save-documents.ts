import type { Tx } from "../../platform/database";

/**
 * Writes what lists and detail pages read about these products (product_documents), in one statement of the transaction that changed them.
 * Call it last, with the products locked: it reads variants, prices, price ranges, options, images and stock as they are then.
 */
export async function saveDocuments(tx: Tx, productUuids: string[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO product_documents (product_id, images, options, price_ranges, variants)
    SELECT product_id, images, options, price_ranges, variants FROM product_contents
    WHERE product_id = ANY(${productUuids}::uuid[]) ORDER BY product_id
    ON CONFLICT (product_id) DO UPDATE
    SET images = excluded.images, options = excluded.options, price_ranges = excluded.price_ranges, variants = excluded.variants`;
}
