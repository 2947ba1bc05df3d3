import { toId } from "../platform/ids";
import { money } from "../platform/types";
import type { StoredVariant, VariantRow } from "./catalog.rows";
import { inCurrency } from "./takes-currency";

/** `optionNames` are its product's, in order; `product` gives the product, which may have to be loaded. */
export function toVariant(
  stored: StoredVariant,
  optionNames: string[],
  product: VariantRow["product"],
): VariantRow {
  const { uuid, productUuid, sku, title, optionValues, archivedAt, imageUrl, imageAlt, prices, level } =
    stored;
  return {
    __typename: "Variant",
    id: toId("var", uuid),
    uuid,
    productUuid,
    sku,
    title,
    archived: archivedAt !== null,
    selectedOptions: () => optionNames.flatMap((name, index) => selected(name, optionValues[index])),
    image: imageUrl === null ? null : { url: imageUrl, altText: imageAlt ?? null, width: null, height: null },
    price: (args, ctx) => {
      const price = inCurrency(prices, args, ctx);
      return price ? money(price.amount, price.currency) : null;
    },
    compareAtPrice: (args, ctx) => {
      const price = inCurrency(prices, args, ctx);
      return price?.compareAt != null ? money(price.compareAt, price.currency) : null;
    },
    available: archivedAt === null && isSellable(level),
    stock: level?.tracked ? level.sellable : null,
    product,
  };
}

/** An archived variant may be of a time when the product had other options. */
const selected = (name: string, value: string | undefined) => (value === undefined ? [] : [{ name, value }]);

const isSellable = (level: StoredVariant["level"]) =>
  level != null && (!level.tracked || level.oversell || level.sellable > 0);
