import type { ProductStatus } from "../generated/prisma/enums";
import { toId } from "../platform/ids";
import { type StoredVariant, toVariant, type VariantRow } from "./variant-row";

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
};

/** A product as GraphQL reads it. */
export type ProductRow = Omit<StoredProduct, "variants"> & {
  __typename: "Product";
  id: string;
  variants: VariantRow[];
};

export function toProduct(stored: StoredProduct): ProductRow {
  const optionNames = (stored.options ?? []).map(({ name }) => name);
  const row: ProductRow = { ...stored, __typename: "Product", id: toId("prod", stored.uuid), variants: [] };
  row.variants = (stored.variants ?? []).map((variant) => toVariant(variant, optionNames, () => row));
  return row;
}
