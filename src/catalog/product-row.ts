import type { Context } from "../platform/context";
import { toId } from "../platform/ids";
import { money } from "../platform/types";
import type { ProductRow, StoredProduct, StoredVariant } from "./catalog.rows";
import { type StoredCollection, toCollection } from "./collection-row";
import { type CurrencyArg, inCurrency } from "./takes-currency";
import { toVariant } from "./variant-row";

/**
 * A stored product as GraphQL reads it; its variants know it as their product. All properties are written out, also those that were not
 * selected: V8 makes such an object at once, where one that is spread and added to takes ten times as long.
 */
export function toProduct(stored: StoredProduct): ProductRow {
  const row: ProductRow = {
    __typename: "Product",
    id: toId("prod", stored.uuid),
    uuid: stored.uuid,
    status: stored.status,
    handle: stored.handle,
    title: stored.title,
    descriptionHtml: stored.descriptionHtml,
    vendor: stored.vendor,
    productType: stored.productType,
    tags: stored.tags,
    available: stored.available,
    version: stored.version,
    createdAt: stored.createdAt,
    updatedAt: stored.updatedAt,
    key: stored.key,
    images: readList(stored.images),
    options: readList(stored.options),
    priceRanges: readList(stored.priceRanges),
    priceRange,
    collections: readList<StoredCollection>(stored.collections).map(toCollection),
    variants: [],
  };
  row.variants = readList<StoredVariant>(stored.variants).map((variant) => toVariant(variant, row));
  return row;
}

/** A list as its document says it; an empty one where it wasn't selected. */
const readList = <One>(document: string | null | undefined): One[] => (document ? JSON.parse(document) : []);

/** Shared by all rows, which it finds as `this`. */
function priceRange(this: ProductRow, args: CurrencyArg, ctx: Context) {
  const range = inCurrency(this.priceRanges, args, ctx);
  return range ? { min: money(range.min, range.currency), max: money(range.max, range.currency) } : null;
}
