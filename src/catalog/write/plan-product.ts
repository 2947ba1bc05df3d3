import type { ProductStatus } from "../../generated/prisma/enums";
import { newId } from "../../platform/ids";
import { Refusal } from "../../platform/refusal";
import { refuse } from "../catalog.refusals";
import type { ProductDraft } from "../product-draft";
import { sanitiseHtml } from "../sanitise";
import { withLineFeeds } from "./check-draft";
import { planOptions } from "./plan-options";
import { draftsOf, type PlannedVariant, planVariants } from "./plan-variants";
import type { ProductState } from "./product-state";

type Columns = {
  handle: string;
  title: string;
  descriptionHtml: string;
  vendor: string | null;
  productType: string | null;
  tags: string[];
  status: ProductStatus;
};
export type ProductPlan = {
  uuid: string;
  isNew: boolean;
  columns: Columns;
  variants: PlannedVariant[];
  /** Live variants that the draft's list lacks */
  archived: string[];
  /** null where they are as stored */
  images: ProductState["images"] | null;
  options: ProductState["options"] | null;
  collections: string[] | null;
  /** Something differs from what is stored */
  isChanged: boolean;
};

/**
 * What is to be written for a draft that checkDraft has passed; pure. `handle` is the one of a new product.
 * @throws the refusals of planVariants; TITLE_MISSING for a new product without title
 */
export function planProduct(draft: ProductDraft, state: ProductState | null, handle: string): ProductPlan {
  const options = planOptions(draft, state);
  const variants = planFitting(draft, options, state);
  const live = new Set(variants.map(({ uuid }) => uuid));
  const archived = (state?.variants ?? [])
    .filter((variant) => !variant.archived && !live.has(variant.uuid))
    .map(({ uuid }) => uuid);
  const columns = planColumns(draft, state, handle);
  const images =
    draft.images === undefined
      ? undefined
      : (draft.images ?? []).map(({ url, altText }) => ({ url, altText: altText || null }));
  const collections =
    draft.collectionIds === undefined ? undefined : [...new Set(draft.collectionIds)].sort();
  const parts = {
    images: changed(images, state?.images),
    options: changed(options, state?.options),
    collections: changed(collections, state?.collections),
  };
  const touched = variants.some(
    (one) => one.isNew || one.isChanged || one.prices.length > 0 || one.level !== null,
  );
  const isChanged =
    !state ||
    touched ||
    archived.length > 0 ||
    Object.values(parts).some((part) => part !== null) ||
    Object.entries(columns).some(([name, value]) => !isSame(value, state[name as keyof Columns]));
  return { uuid: state?.uuid ?? newId(), isNew: !state, columns, variants, archived, ...parts, isChanged };
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const changed = <Part extends unknown[]>(wanted: Part | undefined, stored: Part | undefined): Part | null =>
  wanted === undefined || isSame(wanted, stored ?? []) ? null : wanted;

/** Without variants in the draft the refusal is about its options. */
function planFitting(draft: ProductDraft, options: ProductState["options"], state: ProductState | null) {
  if (draft.variants != null) return planVariants(draft.variants, options, state);
  if (!state && options.length > 0) throw refuse("OPTIONS_INVALID", "variants");
  try {
    return planVariants(draftsOf(state), options, state);
  } catch (error) {
    throw error instanceof Refusal ? refuse("OPTIONS_INVALID", "options") : error;
  }
}

function planColumns(draft: ProductDraft, state: ProductState | null, handle: string): Columns {
  const title = draft.title?.trim() ?? state?.title;
  if (!title) throw refuse("TITLE_MISSING", "title");
  const text = (given: string | null | undefined, before: string | null | undefined) =>
    (given === undefined ? before : given?.trim()) || null;
  return {
    handle: draft.handle ?? state?.handle ?? handle,
    title,
    descriptionHtml:
      draft.descriptionHtml === undefined
        ? (state?.descriptionHtml ?? "")
        : sanitiseHtml(withLineFeeds(draft.descriptionHtml ?? "")),
    vendor: text(draft.vendor, state?.vendor),
    productType: text(draft.productType, state?.productType),
    tags:
      draft.tags === undefined
        ? (state?.tags ?? [])
        : [...new Set(draft.tags?.map((tag) => tag.trim()).filter(Boolean))],
    status: draft.status ?? state?.status ?? "DRAFT",
  };
}
