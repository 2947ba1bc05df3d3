import type { OptionDraft, ProductDraft } from "../product-draft";
import type { ProductState } from "./product-state";

type Option = { name: string; values: string[] };

/**
 * The product's options after the change: as given; else as they were, with the values that variants bring; else, when variants name
 * other options than before, derived from the variants in order of appearance.
 */
export function planOptions(draft: ProductDraft, state: ProductState | null): Option[] {
  if (draft.options !== undefined) return (draft.options ?? []).map(copy);
  const before = (state?.options ?? []).map(copy);
  const selections = (draft.variants ?? []).flatMap(({ selectedOptions }) =>
    selectedOptions ? [selectedOptions] : [],
  );
  const first = selections[0];
  if (!first) return before;
  const same =
    first.length === before.length && before.every(({ name }) => first.some((one) => one.name === name));
  const options = same ? before : first.map(({ name }) => ({ name, values: [] as string[] }));
  for (const { name, value } of selections.flat()) {
    const option = options.find((one) => one.name === name);
    if (option && !option.values.includes(value)) option.values.push(value);
  }
  return options;
}

const copy = ({ name, values }: OptionDraft): Option => ({ name, values: [...values] });
