import type { Context } from "../platform/context";
import { toId } from "../platform/ids";
import { money } from "../platform/types";
import type { StoredVariant, VariantRow } from "./catalog.rows";
import { loadStock } from "./load-stock";
import { type CurrencyArg, inCurrency } from "./takes-currency";

/** A variant as GraphQL reads it; `product` is its product, or finds it. */
export const toVariant = (stored: StoredVariant, product: VariantRow["product"]): VariantRow => ({
  __typename: "Variant",
  id: toId("var", stored.uuid),
  uuid: stored.uuid,
  sku: stored.sku,
  title: stored.title,
  archived: stored.archived,
  selectedOptions: stored.selectedOptions,
  image: stored.image,
  prices: stored.prices,
  price,
  compareAtPrice,
  available: stored.available,
  stock,
  product,
});

// Shared by all rows, which they find as `this`: a page has a hundred of them.

function price(this: VariantRow, args: CurrencyArg, ctx: Context) {
  const found = inCurrency(this.prices, args, ctx);
  return found ? money(found.amount, found.currency) : null;
}

function compareAtPrice(this: VariantRow, args: CurrencyArg, ctx: Context) {
  const found = inCurrency(this.prices, args, ctx);
  return found?.compareAt != null ? money(found.compareAt, found.currency) : null;
}

function stock(this: VariantRow, _args: object, ctx: Context) {
  return loadStock(ctx, this.uuid);
}
