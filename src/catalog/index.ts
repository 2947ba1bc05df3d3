import type { Feature } from "../platform/feature";
import { CatalogResolver } from "./catalog.resolver";
import { catalogRules } from "./catalog.rules";
import { CollectionResolver } from "./collection.resolver";
import { loadCollection } from "./load-collections";
import { findProduct, findVariant } from "./load-products";
import { ProductResolver } from "./product.resolver";
import { search } from "./search";

export { heldVariant } from "./held-variant";
export { ImportFileError } from "./import/import-file-error";
export type { RefusedRow } from "./import/parsed-product";
export { type ImportCounts, importProducts } from "./import-products";
export { loadVariant } from "./load-products";
export { Variant } from "./product.types";
export type { ProductDraft, VariantDraft } from "./product-draft";
export { saveCollection } from "./save-collection";

export const catalog: Feature = {
  resolvers: [ProductResolver, CollectionResolver, CatalogResolver, ...search.resolvers],
  rules: {
    ...catalogRules,
    ...search.rules,
    Query: { ...(catalogRules.Query as object), ...(search.rules.Query as object) },
  },
  cacheable: [
    "product",
    "productByHandle",
    "products",
    "collection",
    "collectionByHandle",
    "collections",
    "search",
    "suggestions",
  ],
  nodes: { prod: findProduct, var: findVariant, coll: loadCollection },
};
