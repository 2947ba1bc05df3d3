import type { Tx } from "../../platform/database";

/**
 * Writes what search reads about these products in the transaction that changed them: see index_products in the database. Call it after their
 * variants, prices, options and collections, with the products locked or new.
 */
export async function indexProducts(tx: Tx, productUuids: string[]): Promise<void> {
  if (productUuids.length > 0) await tx.$executeRaw`SELECT index_products(${productUuids}::uuid[])`;
}
