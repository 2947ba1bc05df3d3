import { isPlainText } from "../../platform/text";
import { refuse } from "../catalog.refusals";
import { isImageUrl } from "../image-url";
import type { OptionDraft, ProductDraft, VariantDraft } from "../product-draft";
import { readHandle } from "../read-handle";

const LONGEST_TEXT = 255;
const LONGEST_ALT = 512;
const LONGEST_HTML = 200_000;
const MOST_IN_LIST = 250;
const MOST_OPTIONS = 3;
const MOST_VARIANTS = 100;
export const MOST_STOCK = 1_000_000_000;
/** Minor units: a cart of 100 lines of 999 pieces each, taxed, stays below 2^53 and so exact in JSON. */
const MOST_PRICE = 35_000_000_000n;

const isShort = (text: string) => isPlainText(text, LONGEST_TEXT);

/** Refuses what no product may hold, whatever is stored. What it lets through fits its columns. */
export function checkDraft(draft: ProductDraft, currencies: readonly string[]): void {
  const {
    handle,
    title,
    descriptionHtml,
    vendor,
    productType,
    tags,
    images,
    options,
    variants,
    collectionIds,
  } = draft;
  if (handle != null && readHandle(handle) === null) throw refuse("VALUE_INVALID", "handle");
  if (title !== undefined && (!title?.trim() || !isShort(title.trim())))
    throw refuse("TITLE_MISSING", "title");
  if (descriptionHtml && !isPlainText(withLineFeeds(descriptionHtml), LONGEST_HTML))
    throw refuse("VALUE_INVALID", "descriptionHtml");
  if (vendor && !isShort(vendor)) throw refuse("VALUE_INVALID", "vendor");
  if (productType && !isShort(productType)) throw refuse("VALUE_INVALID", "productType");
  eachOf(tags, "tags", isShort);
  eachOf(
    images,
    "images",
    ({ url, altText }) =>
      isImageUrl(url) && isPlainText(url, url.length) && isPlainText(altText ?? "", LONGEST_ALT),
  );
  eachOf(collectionIds, "collectionIds", () => true);
  if (options) checkOptions(options);
  if (variants !== undefined && (!variants?.length || variants.length > MOST_VARIANTS))
    throw refuse("OPTIONS_INVALID", "variants");
  for (const [index, variant] of (variants ?? []).entries())
    checkVariant(variant, currencies, ["variants", String(index)]);
}

/** Files and forms end lines with CR LF; stored text has line feeds. */
export const withLineFeeds = (text: string) => text.replace(/\r\n?/g, "\n");

function eachOf<One>(list: readonly One[] | null | undefined, name: string, fits: (one: One) => boolean) {
  if (!list) return;
  if (list.length > MOST_IN_LIST) throw refuse("VALUE_INVALID", name);
  const wrong = list.findIndex((one) => !fits(one));
  if (wrong >= 0) throw refuse("VALUE_INVALID", name, String(wrong));
}

const isDistinct = (texts: readonly string[]) => new Set(texts).size === texts.length;
const isName = (text: string) => text.trim() !== "" && isShort(text);

function checkOptions(options: readonly OptionDraft[]) {
  const names = options.map(({ name }) => name);
  if (options.length > MOST_OPTIONS || !isDistinct(names)) throw refuse("OPTIONS_INVALID", "options");
  for (const [index, { name, values }] of options.entries()) {
    const fits =
      isName(name) &&
      values.length > 0 &&
      values.length <= MOST_IN_LIST &&
      values.every(isName) &&
      isDistinct(values);
    if (!fits) throw refuse("OPTIONS_INVALID", "options", String(index));
  }
}

function checkVariant(variant: VariantDraft, currencies: readonly string[], path: string[]) {
  const { sku, imageUrl, stock, prices } = variant;
  const selected = variant.selectedOptions ?? [];
  if (sku && !isShort(sku)) throw refuse("VALUE_INVALID", ...path, "sku");
  if (imageUrl && !(isImageUrl(imageUrl) && isPlainText(imageUrl, imageUrl.length)))
    throw refuse("VALUE_INVALID", ...path, "imageUrl");
  if (stock != null && Math.abs(stock) > MOST_STOCK) throw refuse("STOCK_INVALID", ...path, "stock");
  const named =
    selected.length <= MOST_OPTIONS && selected.every(({ name, value }) => isName(name) && isName(value));
  if (!named || !isDistinct(selected.map(({ name }) => name)))
    throw refuse("OPTIONS_INVALID", ...path, "selectedOptions");
  for (const [currency, { amount, compareAt }] of Object.entries(prices)) {
    if (!currencies.includes(currency) || !isAmount(amount)) throw refuse("PRICE_INVALID", ...path, "price");
    if (compareAt != null && !isAmount(compareAt)) throw refuse("PRICE_INVALID", ...path, "compareAtPrice");
  }
}

const isAmount = (amount: bigint) => amount >= 0n && amount <= MOST_PRICE;
