import type { Context } from "../platform/context";
import { toId } from "../platform/ids";
import { money } from "../platform/types";
import type { ProductRow } from "./product-row";
import { type CurrencyArg, inCurrency } from "./takes-currency";

type MoneyRow = ReturnType<typeof money>;

/** A variant as variantColumns brings it; amounts are minor units. */
export type StoredVariant = {
  uuid: string;
  productUuid: string;
  sku: string | null;
  title: string;
  optionValues: string[];
  archivedAt: string | null;
  imageUrl: string | null;
  imageAlt?: string | null;
  prices?: { currency: string; amount: number; compareAt: number | null }[];
  level?: { tracked: boolean; oversell: boolean; sellable: number } | null;
};

/** A variant as GraphQL reads it. */
export type VariantRow = {
  __typename: "Variant";
  id: string;
  uuid: string;
  productUuid: string;
  sku: string | null;
  title: string;
  /** Kept for the orders that hold it, no longer sold */
  archived: boolean;
  selectedOptions: () => { name: string; value: string }[];
  image: { url: string; altText: string | null; width: null; height: null } | null;
  price: (args: CurrencyArg, ctx: Context) => MoneyRow | null;
  compareAtPrice: (args: CurrencyArg, ctx: Context) => MoneyRow | null;
  available: boolean;
  /** What can be sold; null when it isn't counted */
  stock: number | null;
  product: () => ProductRow | Promise<ProductRow>;
};

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
