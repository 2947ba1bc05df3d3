import { isImageUrl } from "../image-url";
import { columns } from "./columns";
import { hasVariant, parseVariant, short } from "./parse-variant";
import type { ParsedProduct, ParsedVariant, RefusedRow } from "./parsed-product";
import { optionNames, readProduct } from "./read-product";
import type { Row } from "./read-rows";

const MAX_ALT = 512;
const MAX_VARIANTS = 100;
const MAX_IMAGES = 250;

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
    const badImage = imageSrc === "" ? null : imageFault(imageSrc, imageAlt);
    if (badImage) {
      refuse(row, badImage);
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
  const left = new Set(refused.map((row) => row.line));
  const lines = rows.map((row) => row.line).filter((line) => !left.has(line));
  return [...refused, { ...product, lines, images: ordered, options, variants: good }];
}

function imageFault(url: string, altText: string): string | null {
  if (!isImageUrl(url)) return `${columns.imageSrc} "${short(url)}" is not an image's address`;
  return altText.length > MAX_ALT ? `${columns.imageAlt} is longer than ${MAX_ALT} characters` : null;
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
