import type { ProductStatus } from "../generated/prisma/enums";
import type { CatalogErrorCode } from "./catalog.refusals";

/**
 * What a product shall become: found by id, else by handle, else created. A field left out stays as it is, null removes it,
 * lists replace what was there. Ids are uuids, amounts minor units.
 */
export type ProductDraft = {
  id?: string | null;
  /** Left out on a new product: made from the title */
  handle?: string | null;
  /** Refused with CHANGED_MEANWHILE when the stored version is another */
  expectedVersion?: number | null;
  title?: string | null;
  /** Raw; sanitised when it is written */
  descriptionHtml?: string | null;
  vendor?: string | null;
  productType?: string | null;
  tags?: readonly string[] | null;
  /** DRAFT on a new product */
  status?: ProductStatus | null;
  images?: readonly ImageDraft[] | null;
  /** Left out while variants are given: as they were, else derived from the variants */
  options?: readonly OptionDraft[] | null;
  /** Matched by id, then SKU, then options; variants that the list lacks are archived */
  variants?: readonly VariantDraft[] | null;
  collectionIds?: readonly string[] | null;
};

export type ImageDraft = { url: string; altText?: string | null };
export type OptionDraft = { name: string; values: readonly string[] };

export type VariantDraft = {
  id?: string | null;
  sku?: string | null;
  /** One value for each of the product's options; left out: as before */
  selectedOptions?: readonly { name: string; value: string }[] | null;
  /** By currency. A currency left out keeps its price; compareAt left out stays, null removes it */
  prices: Readonly<Record<string, { amount: bigint; compareAt?: bigint | null }>>;
  /** What can be sold (on hand less reserved). A number starts counting unless inventoryTracked is false, null stops it */
  stock?: number | null;
  /** Left out on a new variant: true when stock is given */
  inventoryTracked?: boolean | null;
  /** Sold beyond the count; false on a new variant */
  sellBeyondStock?: boolean | null;
  imageUrl?: string | null;
};

/** What became of one draft. `path` says where in the draft, e.g. ["variants", "0", "sku"]. */
export type WriteResult =
  | { outcome: "created" | "updated" | "unchanged"; productId: string }
  | { outcome: "refused"; code: CatalogErrorCode; message: string; path: string[] };
