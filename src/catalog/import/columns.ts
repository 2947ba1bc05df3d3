import { ImportFileError } from "./import-file-error";

/** The columns of Shopify's product export that are read; all others are ignored. */
export const columns = {
  handle: "Handle",
  title: "Title",
  descriptionHtml: "Body (HTML)",
  vendor: "Vendor",
  productType: "Type",
  tags: "Tags",
  published: "Published",
  status: "Status",
  option1Name: "Option1 Name",
  option1Value: "Option1 Value",
  option2Name: "Option2 Name",
  option2Value: "Option2 Value",
  option3Name: "Option3 Name",
  option3Value: "Option3 Value",
  sku: "Variant SKU",
  tracker: "Variant Inventory Tracker",
  quantity: "Variant Inventory Qty",
  policy: "Variant Inventory Policy",
  price: "Variant Price",
  compareAt: "Variant Compare At Price",
  imageSrc: "Image Src",
  imagePosition: "Image Position",
  imageAlt: "Image Alt Text",
  variantImage: "Variant Image",
} as const;

export type Column = keyof typeof columns;
export type Cells = Record<Column, string>;
export const columnKeys = Object.keys(columns) as Column[];

/** Where each column stands (-1: nowhere), which ones the file has, and how many cells a row should have. */
export type Header = { places: Record<Column, number>; columns: ReadonlySet<Column>; width: number };

const required: Column[] = ["handle", "title", "price"];

/**
 * Finds the columns in the file's first row. Names are compared without regard to case.
 * @throws ImportFileError naming every required column that is missing, or a column that is there twice.
 */
export function readHeader(header: string[]): Header {
  const names = header.map((name) => name.trim().toLowerCase());
  const places = {} as Record<Column, number>;
  for (const key of columnKeys) {
    const name = columns[key].toLowerCase();
    places[key] = names.indexOf(name);
    if (names.lastIndexOf(name) !== places[key]) {
      throw new ImportFileError(`line 1: column "${columns[key]}" is there twice`);
    }
  }
  const missing = required.filter((key) => places[key] < 0).map((key) => `"${columns[key]}"`);
  if (missing.length > 0) {
    throw new ImportFileError(`line 1: no column ${missing.join(", ")} (columns are separated by commas)`);
  }
  const present = new Set(columnKeys.filter((key) => places[key] >= 0));
  return { places, columns: present, width: header.length };
}
