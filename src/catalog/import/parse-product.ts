import type { ProductStatus } from "../../generated/prisma/enums";
import { isImageUrl } from "../image-url";
import { columns } from "./columns";
import { hasVariant, optionNameColumns, optionValueColumns, parseVariant, short } from "./parse-variant";
import type { ParsedProduct, ParsedVariant, RefusedRow } from "./parsed-product";
import type { Row } from "./read-rows";

const MAX_TEXT = 255;
const MAX_TAGS = 250;
const MAX_VARIANTS = 100;
const MAX_IMAGES = 250;

/** "unlisted" can be bought by link alone, which this shop doesn't know: not shown is the safe reading. */
const statuses: Record<string, ProductStatus> = {
  "": "ACTIVE",
  active: "ACTIVE",
  draft: "DRAFT",
  unlisted: "DRAFT",
  archived: "ARCHIVED",
};

/**
 * Makes one product of the rows of one handle. What belongs to the product stands in the first row. A row that
 * cannot be used is refused and the rest is kept; a product whose own cells are wrong, or without any good
 * variant, is refused with all its rows.
 */
export function parseProduct(rows: Row[], currency: string): (ParsedProduct | RefusedRow)[] {
  const refused: RefusedRow[] = [];
  const refuse = ({ line, cells }: Row, reason: string) =>
    refused.push({ line, handle: cells.handle, reason });

  const [first] = rows;
  if (!first) return [];
  const product = readProduct(first);
  if (typeof product === "string") return refuseAll(rows, product);

  const names = optionNames(first);
  const images: (ParsedProduct["images"][number] & { position: number })[] = [];
  const variants = new Map<string, ParsedVariant>();
  const skus = new Map<string, number>();
  for (const row of rows) {
    const { imageSrc, imageAlt, imagePosition } = row.cells;
    if (imageSrc !== "" && !isImageUrl(imageSrc)) {
      refuse(row, `${columns.imageSrc} "${short(imageSrc)}" is not an image's address`);
      continue;
    }
    if (hasVariant(row) || (row === first && imageSrc === "")) {
      const variant = parseVariant(row, names, currency);
      const reason = typeof variant === "string" ? variant : conflict(variant, variants, skus);
      if (reason) refuse(row, reason);
      if (reason || typeof variant === "string") continue;
      variants.set(variant.optionValues.join("\0"), variant);
      if (variant.sku) skus.set(variant.sku, variant.line);
    } else if (imageSrc === "") {
      refuse(row, "has neither a variant nor an image");
    }
    if (imageSrc === "" || images.some((image) => image.url === imageSrc)) continue;
    if (images.length === MAX_IMAGES) {
      refuse(row, `the product has more than ${MAX_IMAGES} images`);
      continue;
    }
    const position = Number.parseInt(imagePosition, 10) || Number.MAX_SAFE_INTEGER;
    images.push({ url: imageSrc, altText: imageAlt || null, position });
  }
  if (variants.size === 0) return withoutVariants(rows, refused);

  const good = [...variants.values()];
  const options = (names ?? [])
    .filter((name) => name !== "")
    .map((name, i) => ({ name, values: [...new Set(good.map((variant) => variant.optionValues[i] ?? ""))] }));
  const ordered = images
    .sort((a, b) => a.position - b.position)
    .map(({ url, altText }) => ({ url, altText }));
  const accepted = rows.length - new Set(refused.map((row) => row.line)).size;
  return [...refused, { ...product, rows: accepted, images: ordered, options, variants: good }];
}

type ProductPart = Omit<ParsedProduct, "rows" | "images" | "options" | "variants">;

/** The cells that describe the product as a whole, or the reason why it is refused. */
function readProduct({ line, cells, columns: present }: Row): ProductPart | string {
  const { handle, title, descriptionHtml, vendor, productType } = cells;
  if (title === "") return `${columns.title} is empty`;
  for (const key of ["handle", "title", "vendor", "productType", ...optionNameColumns] as const) {
    if (cells[key].length > MAX_TEXT) return `${columns[key]} is longer than ${MAX_TEXT} characters`;
  }
  const named = optionNameColumns.map((column) => cells[column]).filter((name) => name !== "");
  if (new Set(named).size < named.length) return "two options have the same name";

  const tags = [...new Set(cells.tags.split(",").map((tag) => tag.trim()))].filter((tag) => tag !== "");
  if (tags.length > MAX_TAGS) return `${columns.tags} holds more than ${MAX_TAGS} tags`;
  if (tags.some((tag) => tag.length > MAX_TEXT)) return `a tag is longer than ${MAX_TEXT} characters`;

  const status = statuses[cells.status.toLowerCase()];
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
function optionNames({ cells }: Row): string[] | null {
  const names = optionNameColumns.map((column) => cells[column]);
  const placeholder = cells.option1Name === "Title" && cells[optionValueColumns[0]] === "Default Title";
  return placeholder && names[1] === "" && names[2] === "" ? null : names;
}

function conflict(variant: ParsedVariant, others: Map<string, ParsedVariant>, skus: Map<string, number>) {
  const twin = others.get(variant.optionValues.join("\0"));
  if (twin) return `has the same option values as line ${twin.line}`;
  const owner = variant.sku ? skus.get(variant.sku) : undefined;
  if (owner) return `${columns.sku} "${short(variant.sku ?? "")}" is that of line ${owner}`;
  return others.size === MAX_VARIANTS ? `the product has more than ${MAX_VARIANTS} variants` : null;
}

function refuseAll(rows: Row[], reason: string): RefusedRow[] {
  const first = rows[0]?.line;
  return rows.map(({ line, cells }) => ({
    line,
    handle: cells.handle,
    reason: line === first ? reason : `belongs to the product refused in line ${first}`,
  }));
}

/** Rows that were good in themselves (images) go with the product; the others keep their reason. */
function withoutVariants(rows: Row[], refused: RefusedRow[]): RefusedRow[] {
  const reasons = new Map(refused.map((row) => [row.line, row.reason]));
  return rows.map(({ line, cells }) => ({
    line,
    handle: cells.handle,
    reason: reasons.get(line) ?? "the product has no variant that could be imported",
  }));
}
