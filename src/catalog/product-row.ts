import type { Context } from "../platform/context";
import { toId } from "../platform/ids";
import { money } from "../platform/types";
import type { ProductRow, StoredProduct, StoredVariant } from "./catalog.rows";
import { type StoredCollection, toCollection } from "./collection-row";
import { type CurrencyArg, inCurrency } from "./takes-currency";
import { toVariant } from "./variant-row";

/** A stored product as GraphQL reads it; its variants know it as their product. */
export function toProduct(stored: StoredProduct): ProductRow {
  const { images, options, priceRanges, variants, collections, ...columns } = stored;
  const row: ProductRow = {
    ...columns,
    __typename: "Product",
    id: toId("prod", stored.uuid),
    images: readList(images),
    options: readList(options),
    priceRanges: readList(priceRanges),
    priceRange,
    collections: readList<StoredCollection>(collections).map(toCollection),
    variants: [],
  };
  row.variants = readList<StoredVariant>(variants).map((variant) => toVariant(variant, row));
  return row;
}

/** A list as its document says it; an empty one where it wasn't selected. */
const readList = <One>(document: string | null | undefined): One[] => (document ? JSON.parse(document) : []);

/** Shared by all rows, which it finds as `this`. */
function priceRange(this: ProductRow, args: CurrencyArg, ctx: Context) {
  const range = inCurrency(this.priceRanges, args, ctx);
  return range ? { min: money(range.min, range.currency), max: money(range.max, range.currency) } : null;
}
