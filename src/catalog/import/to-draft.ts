import type { ProductDraft, VariantDraft } from "../product-draft";
import type { ParsedProduct, ParsedVariant } from "./parsed-product";

/**
 * What a product of the file shall become. A column that the file doesn't have leaves its field as it is; on a new product
 * that means: shown, and stock not tracked.
 */
export function toDraft(product: ParsedProduct, currency: string): ProductDraft {
  const has = (column: Parameters<typeof product.columns.has>[0]) => product.columns.has(column);
  return {
    handle: product.handle,
    title: product.title,
    descriptionHtml: has("descriptionHtml") ? product.descriptionHtml : undefined,
    vendor: has("vendor") ? product.vendor : undefined,
    productType: has("productType") ? product.productType : undefined,
    tags: has("tags") ? product.tags : undefined,
    status: product.status,
    images: has("imageSrc") ? product.images : undefined,
    options: has("option1Name") ? product.options : undefined,
    variants: product.variants.map((variant) => toVariantDraft(variant, product, currency)),
  };
}

function toVariantDraft(variant: ParsedVariant, product: ParsedProduct, currency: string): VariantDraft {
  const has = (column: Parameters<typeof product.columns.has>[0]) => product.columns.has(column);
  const { price: amount, compareAt } = variant;
  const counted = variant.tracked && has("quantity");
  return {
    sku: has("sku") ? variant.sku : undefined,
    selectedOptions: has("option1Name")
      ? product.options.map(({ name }, i) => ({ name, value: variant.optionValues[i] ?? "" }))
      : undefined,
    prices: { [currency]: has("compareAt") ? { amount, compareAt } : { amount } },
    stock: counted ? variant.stock : undefined,
    inventoryTracked: has("tracker") ? variant.tracked : undefined,
    sellBeyondStock: has("policy") ? variant.oversell : undefined,
    imageUrl: has("variantImage") ? variant.imageUrl : undefined,
  };
}
