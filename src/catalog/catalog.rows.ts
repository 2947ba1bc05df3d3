import type { ProductStatus } from "../generated/prisma/enums";
import type { Context } from "../platform/context";
import type { money } from "../platform/types";
import type { CollectionRow } from "./collection-row";
import type { CurrencyArg } from "./takes-currency";

type MoneyRow = ReturnType<typeof money>;
type ImageRow = { url: string; altText: string | null; width?: number | null; height?: number | null };
type StoredPrice = { currency: string; amount: number; compareAt: number | null };

type Columns = {
  uuid: string;
  status: ProductStatus;
  handle?: string;
  title?: string;
  descriptionHtml?: string;
  vendor?: string | null;
  productType?: string | null;
  tags?: string[];
  available?: boolean;
  version?: number;
  createdAt?: Date;
  updatedAt?: Date;
  /** What a list is sorted by, for its cursors */
  key?: string | bigint;
};

/** A product as productColumns brings it, its lists as JSON texts; what was not selected is missing. */
export type StoredProduct = Columns & {
  images?: string;
  options?: string;
  priceRanges?: string;
  variants?: string;
  /** null when it is in none */
  collections?: string | null;
};

/** A product as GraphQL reads it; amounts are minor units. */
export type ProductRow = Columns & {
  __typename: "Product";
  id: string;
  images: ImageRow[];
  options: { name: string; values: string[] }[];
  priceRanges: { currency: string; min: number; max: number }[];
  priceRange: (args: CurrencyArg, ctx: Context) => { min: MoneyRow; max: MoneyRow } | null;
  collections: CollectionRow[];
  variants: VariantRow[];
};

/** A variant's document (variant_contents); amounts are minor units. */
export type StoredVariant = {
  uuid: string;
  sku: string | null;
  title: string;
  /** Kept for the orders that hold it, no longer sold */
  archived: boolean;
  selectedOptions: { name: string; value: string }[];
  image: ImageRow | null;
  prices: StoredPrice[];
  available: boolean;
};

/** A variant as GraphQL reads it. */
export type VariantRow = StoredVariant & {
  __typename: "Variant";
  id: string;
  price: (args: CurrencyArg, ctx: Context) => MoneyRow | null;
  compareAtPrice: (args: CurrencyArg, ctx: Context) => MoneyRow | null;
  /** What can be sold at this moment; null when it isn't counted */
  stock: (args: object, ctx: Context) => Promise<number | null>;
  product: ProductRow | (() => ProductRow | Promise<ProductRow>);
};
