import type { ProductStatus } from "../../generated/prisma/enums";
import type { Tx } from "../../platform/database";

export type StockLevel = { tracked: boolean; oversell: boolean; onHand: number; reserved: number };
export type StoredPrice = { currency: string; amount: number; compareAt: number | null };
export type VariantState = {
  uuid: string;
  position: number;
  sku: string | null;
  title: string;
  optionValues: string[];
  imageUrl: string | null;
  archived: boolean;
  prices: StoredPrice[];
  level: StockLevel | null;
};
export type ProductState = {
  uuid: string;
  handle: string;
  title: string;
  descriptionHtml: string;
  vendor: string | null;
  productType: string | null;
  tags: string[];
  status: ProductStatus;
  version: number;
  images: { url: string; altText: string | null }[];
  options: { name: string; values: string[] }[];
  /** Archived ones too: a variant that comes back is the one it was */
  variants: VariantState[];
  collections: string[];
};

/**
 * Locks the products of these ids and handles and returns all that is stored of them. Stock rows are locked before products, each
 * kind in the order of its ids: reservations come the same way, so neither waits for the other in a circle.
 */
export async function lockProducts(tx: Tx, ids: string[], handles: string[]): Promise<ProductState[]> {
  await tx.$queryRaw`
    SELECT s.variant_id FROM stocks s JOIN variants v ON v.id = s.variant_id JOIN products p ON p.id = v.product_id
    WHERE p.id = ANY(${ids}::uuid[]) OR p.handle = ANY(${handles}::text[])
    ORDER BY s.variant_id FOR NO KEY UPDATE OF s`;
  await tx.$queryRaw`
    SELECT p.id FROM products p WHERE p.id = ANY(${ids}::uuid[]) OR p.handle = ANY(${handles}::text[])
    ORDER BY p.id FOR NO KEY UPDATE`;
  // A statement of its own: it sees what those that we waited for have written.
  const found = await tx.$queryRaw<{ state: ProductState }[]>`
    SELECT row_to_json(r) AS state FROM (
      SELECT p.id AS uuid, p.handle, p.title, p.description_html AS "descriptionHtml", p.vendor, p.product_type AS "productType",
        p.tags, p.status, p.version,
        coalesce((SELECT json_agg(json_build_object('url', i.url, 'altText', i.alt_text) ORDER BY i.position)
          FROM images i WHERE i.product_id = p.id), '[]') AS images,
        coalesce((SELECT json_agg(json_build_object('name', o.name, 'values', o.values) ORDER BY o.position)
          FROM product_options o WHERE o.product_id = p.id), '[]') AS options,
        coalesce((SELECT json_agg(pc.collection_id ORDER BY pc.collection_id)
          FROM product_collections pc WHERE pc.product_id = p.id), '[]') AS collections,
        coalesce((SELECT json_agg(row_to_json(v) ORDER BY v.archived, v.position, v.uuid) FROM (
          SELECT v.id AS uuid, v.position, v.sku, v.title, v.option_values AS "optionValues", v.image_url AS "imageUrl",
            v.archived_at IS NOT NULL AS archived,
            coalesce((SELECT json_agg(json_build_object('currency', c.currency, 'amount', c.amount, 'compareAt', c.compare_at))
              FROM prices c WHERE c.variant_id = v.id AND c.channel = 'default'), '[]') AS prices,
            (SELECT json_build_object('tracked', s.tracked, 'oversell', s.oversell, 'onHand', s.on_hand, 'reserved', s.reserved)
              FROM stocks s WHERE s.variant_id = v.id AND s.location = 'default') AS level
          FROM variants v WHERE v.product_id = p.id
        ) v), '[]') AS variants
      FROM products p WHERE p.id = ANY(${ids}::uuid[]) OR p.handle = ANY(${handles}::text[])
    ) r`;
  return found.map(({ state }) => state);
}

/** The products that own these SKUs now, by SKU. */
export async function readSkuOwners(tx: Tx, skus: string[]): Promise<Map<string, string>> {
  if (skus.length === 0) return new Map();
  const found = await tx.$queryRaw<{ sku: string; owner: string }[]>`
    SELECT sku, product_id AS owner FROM variants WHERE sku = ANY(${skus}::text[]) AND archived_at IS NULL`;
  return new Map(found.map(({ sku, owner }) => [sku, owner]));
}

/** Which of these collections (uuids) exist; they stay until the transaction ends. */
export async function readKnownCollections(tx: Tx, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const found = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM collections WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR KEY SHARE`;
  return new Set(found.map(({ id }) => id));
}

/**
 * Which of these handles products have. Those who choose among the handles of one title by the answer do it one after the other, until
 * their transactions end: many products of one title would else collide again and again.
 * @param slugs what the handles of each title begin with
 */
export async function readTakenHandles(tx: Tx, slugs: string[], handles: string[]): Promise<Set<string>> {
  if (handles.length === 0) return new Set();
  await tx.$executeRaw`
    SELECT pg_advisory_xact_lock(lock) FROM (
      SELECT DISTINCT hashtext('product handle ' || slug) AS lock FROM unnest(${slugs}::text[]) AS slug ORDER BY lock) locks`;
  const found = await tx.$queryRaw<{ handle: string }[]>`
    SELECT handle FROM products WHERE handle = ANY(${handles}::text[])`;
  return new Set(found.map(({ handle }) => handle));
}
