import { newId } from "../../platform/ids";
import { refuse } from "../catalog.refusals";
import type { VariantDraft } from "../product-draft";
import type { ProductState, VariantState } from "./product-state";

type Option = { name: string; values: readonly string[] };
export type Matched = {
  draft: VariantDraft;
  stored: VariantState | null;
  uuid: string;
  optionValues: string[];
};

/**
 * Finds for each draft the stored variant that it means: by id, then SKU, then options; live ones before archived ones, none twice.
 * @throws NOT_FOUND for an id that is not this product's, OPTIONS_INVALID when a variant doesn't name one listed value of
 * every option, or two name the same
 */
export function matchVariants(
  drafts: readonly VariantDraft[],
  options: readonly Option[],
  state: ProductState | null,
): Matched[] {
  const free = new Set(state?.variants);
  const claim = (fits: (variant: VariantState) => boolean) => {
    const found = [...free].find(fits);
    if (found) free.delete(found);
    return found ?? null;
  };
  const stored = drafts.map(({ id }, index) => {
    if (id == null) return null;
    return claim((variant) => variant.uuid === id) ?? fail("NOT_FOUND", index, "id");
  });
  for (const [index, { sku }] of drafts.entries())
    if (sku) stored[index] ??= claim((variant) => variant.sku === sku);
  const values = drafts.map(
    (draft, index) =>
      valuesOf(draft, options, state, stored[index] ?? null) ??
      fail("OPTIONS_INVALID", index, "selectedOptions"),
  );
  for (const [index, wanted] of values.entries())
    stored[index] ??= claim((variant) => same(reordered(variant, options, state), wanted));

  const combinations = new Set<string>();
  return drafts.map((draft, index) => {
    const optionValues = values[index] ?? [];
    const combination = JSON.stringify(optionValues);
    if (combinations.has(combination)) fail("OPTIONS_INVALID", index, "selectedOptions");
    combinations.add(combination);
    const match = stored[index] ?? null;
    return { draft, stored: match, uuid: match?.uuid ?? newId(), optionValues };
  });
}

/** One value for each option, in their order; null when one is missing or not listed. */
function valuesOf(
  { selectedOptions }: VariantDraft,
  options: readonly Option[],
  state: ProductState | null,
  stored: VariantState | null,
) {
  const before =
    state?.options.map(({ name }, index) => ({ name, value: stored?.optionValues[index] ?? "" })) ?? [];
  const selected = selectedOptions ?? before;
  if (selectedOptions && selectedOptions.length !== options.length) return null;
  const values = options.map(({ name }) => selected.find((one) => one.name === name)?.value ?? "");
  return values.every((value, index) => options[index]?.values.includes(value)) ? values : null;
}

/** A stored variant's values in the new order of the options; as they are when the options have other names now. */
function reordered({ optionValues }: VariantState, options: readonly Option[], state: ProductState | null) {
  const places = options.map(({ name }) => state?.options.findIndex((one) => one.name === name) ?? -1);
  return places.includes(-1) ? optionValues : places.map((place) => optionValues[place] ?? "");
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((value, index) => value === b[index]);

function fail(code: "NOT_FOUND" | "OPTIONS_INVALID", index: number, field: string): never {
  throw refuse(code, "variants", String(index), field);
}
