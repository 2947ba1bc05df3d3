import type { ProductStatus } from "../../generated/prisma/enums";
import type { Column } from "./columns";

/** A variant as the file states it. Amounts are minor units of the currency the file was read with. */
export type ParsedVariant = {
  line: number;
  sku: string | null;
  /** One value for each of the product's options, in their order */
  optionValues: string[];
  price: bigint;
  compareAt: bigint | null;
  tracked: boolean;
  oversell: boolean;
  /** What can be sold; null when the stock isn't tracked */
  stock: number | null;
  imageUrl: string | null;
};

/** A product as the file states it. `descriptionHtml` is raw: whoever stores it sanitises it. */
export type ParsedProduct = {
  line: number;
  /** The lines of the rows it was made of, without the refused ones */
  lines: number[];
  /** The columns that the file has: what a missing one would say is left as it is */
  columns: ReadonlySet<Column>;
  handle: string;
  title: string;
  descriptionHtml: string;
  vendor: string | null;
  productType: string | null;
  tags: string[];
  status: ProductStatus;
  images: { url: string; altText: string | null }[];
  options: { name: string; values: string[] }[];
  variants: ParsedVariant[];
};

/** A row that was left out, and why. `line` is where the row starts, counted from 1; `handle` may be empty. */
export type RefusedRow = { line: number; handle: string; reason: string };

export const isRefused = (entry: object): entry is RefusedRow => "reason" in entry;
