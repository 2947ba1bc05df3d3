import { refusals } from "../platform/refusal";

/** Everything that a change of the catalogue can be refused for. */
export const { codes, refuse } = refusals({
  NOT_FOUND: "There is no such object.",
  HANDLE_TAKEN: "Another one has this handle.",
  SKU_TAKEN: "Another variant has this SKU.",
  OPTIONS_INVALID:
    "A product has at most 3 options and 1 to 100 variants; each variant names one listed value of every option, and no two the same.",
  PRICE_INVALID:
    "A price is 0 to 35,000,000,000 minor units of a currency that the shop offers, and so is its compare-at price.",
  TITLE_MISSING: "Give a title of 1 to 255 characters.",
  CHANGED_MEANWHILE: "Somebody changed this meanwhile. Look again before you change it.",
  STOCK_INVALID:
    "Stock is a count of at most 1,000,000,000; below zero only where the variant is sold beyond stock, and adjusted only where it is tracked.",
  VALUE_INVALID: "This value is too long, malformed or does not fit here.",
});
export type CatalogErrorCode = keyof typeof codes;
