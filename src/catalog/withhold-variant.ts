import type { ProductRow, VariantRow } from "./catalog.rows";

/**
 * A variant as those see it who hold it from before its product was taken out of the shop: enough to tell which one it was. What
 * staff may be preparing meanwhile (texts, pictures, prices, other variants) stays out of it.
 */
export const withholdVariant = (variant: VariantRow): VariantRow => ({
  ...variant,
  image: null,
  price: () => null,
  compareAtPrice: () => null,
  available: false,
  product: async () => withholdProduct(await productOf(variant)),
});

const productOf = ({ product }: VariantRow) => (typeof product === "function" ? product() : product);

const withholdProduct = (product: ProductRow): ProductRow => ({
  ...product,
  descriptionHtml: "",
  vendor: null,
  productType: null,
  tags: [],
  available: false,
  images: [],
  options: [],
  priceRange: () => null,
  variants: [],
});
