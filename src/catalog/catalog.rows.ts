import type { ProductStatus } from "../generated/prisma/enums";
import type { Context } from "../platform/context";
import type { money } from "../platform/types";
import type { CurrencyArg } from "./takes-currency";

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
