import type { ProductStatus } from "../../generated/prisma/enums";
import { readHandle } from "../read-handle";
import { columns } from "./columns";
import { optionNameColumns, optionValueColumns } from "./parse-variant";
import type { ParsedProduct } from "./parsed-product";
import type { Row } from "./read-rows";

const MAX_TEXT = 255;
const MAX_HTML = 200_000;
const MAX_TAGS = 250;

/** "unlisted" can be bought by link alone, which this shop doesn't know: not shown is the safe reading. */
const statuses = new Map<string, ProductStatus>([
  ["", "ACTIVE"],
  ["active", "ACTIVE"],
  ["draft", "DRAFT"],
  ["unlisted", "DRAFT"],
  ["archived", "ARCHIVED"],
]);

export type ProductPart = Omit<ParsedProduct, "lines" | "images" | "options" | "variants">;

/** The cells that describe the product as a whole, or the reason why it is refused. */
export function readProduct({ line, cells, columns: present }: Row): ProductPart | string {
  const { handle, title, descriptionHtml, vendor, productType } = cells;
  if (title === "") return `${columns.title} is empty`;
  if (readHandle(handle) === null)
    return `${columns.handle} is longer than ${MAX_TEXT} characters or not made of letters and digits`;
  if (descriptionHtml.length > MAX_HTML)
    return `${columns.descriptionHtml} is longer than ${MAX_HTML} characters`;
  for (const key of ["title", "vendor", "productType", ...optionNameColumns] as const) {
    if (cells[key].length > MAX_TEXT) return `${columns[key]} is longer than ${MAX_TEXT} characters`;
  }
  const named = optionNameColumns.map((column) => cells[column]).filter((name) => name !== "");
  if (new Set(named).size < named.length) return "two options have the same name";

  const tags = [...new Set(cells.tags.split(",").map((tag) => tag.trim()))].filter((tag) => tag !== "");
  if (tags.length > MAX_TAGS) return `${columns.tags} holds more than ${MAX_TAGS} tags`;
  if (tags.some((tag) => tag.length > MAX_TEXT)) return `a tag is longer than ${MAX_TEXT} characters`;

  const status = statuses.get(cells.status.toLowerCase());
  if (!status) return `${columns.status} must be active, draft or archived`;
  const published = cells.published.toLowerCase();
  if (!["", "true", "false"].includes(published)) return `${columns.published} must be true or false`;
  return {
    line,
    columns: present,
    handle,
    title,
    descriptionHtml,
    vendor: vendor || null,
    productType: productType || null,
    tags,
    status: status === "ACTIVE" && published === "false" ? "DRAFT" : status,
  };
}

/** The three option names of the first row; null where the export's placeholder says that there are none. */
export function optionNames({ cells }: Row): string[] | null {
  const names = optionNameColumns.map((column) => cells[column]);
  const placeholder = cells.option1Name === "Title" && cells[optionValueColumns[0]] === "Default Title";
  return placeholder && names[1] === "" && names[2] === "" ? null : names;
}
