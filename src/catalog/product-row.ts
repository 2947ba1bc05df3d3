import { toId } from "../platform/ids";
import { money } from "../platform/types";
import type { ProductRow, StoredProduct } from "./catalog.rows";
import { inCurrency } from "./takes-currency";
import { toVariant } from "./variant-row";

/** A stored product as GraphQL reads it; its variants know it as their product. */
export function toProduct(stored: StoredProduct): ProductRow {
  const optionNames = (stored.options ?? []).map(({ name }) => name);
  const row: ProductRow = {
    ...stored,
    __typename: "Product",
    id: toId("prod", stored.uuid),
    variants: [],
    priceRange(args, ctx) {
      const range = inCurrency(stored.priceRanges, args, ctx);
      return range ? { min: money(range.min, range.currency), max: money(range.max, range.currency) } : null;
    },
  };
  row.variants = (stored.variants ?? []).map((variant) => toVariant(variant, optionNames, () => row));
  return row;
}
