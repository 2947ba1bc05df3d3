import type { ProductStatus } from "../generated/prisma/enums";
import type { Context } from "../platform/context";
import { toId } from "../platform/ids";
import { money } from "../platform/types";
import { type CurrencyArg, inCurrency } from "./takes-currency";
import { type StoredVariant, toVariant, type VariantRow } from "./variant-row";

type MoneyRow = ReturnType<typeof money>;

/** A product as productColumns brings it; what was not selected is missing. */
export type StoredProduct = {
  uuid: string;
  handle: string;
  title: string;
  descriptionHtml?: string;
  vendor: string | null;
  productType: string | null;
  tags: string[];
  status: ProductStatus;
  available: boolean;
  version: number;
  createdAt: string;
  updatedAt: string;
  images?: { url: string; altText: string | null; width: number | null; height: number | null }[];
  options?: { name: string; values: string[] }[];
  priceRanges?: { currency: string; min: number; max: number }[];
  variants?: StoredVariant[];
  /** What a list is sorted by, for its cursors */
  key?: string | number;
};

/** A product as GraphQL reads it. */
export type ProductRow = Omit<StoredProduct, "variants"> & {
  __typename: "Product";
  id: string;
  variants: VariantRow[];
  priceRange: (args: CurrencyArg, ctx: Context) => { min: MoneyRow; max: MoneyRow } | null;
};

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
