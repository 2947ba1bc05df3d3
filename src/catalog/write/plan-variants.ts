import { refuse } from "../catalog.refusals";
import type { VariantDraft } from "../product-draft";
import { type Matched, matchVariants } from "./match-variants";
import type { ProductState, StockLevel, StoredPrice, VariantState } from "./product-state";

export type PlannedVariant = {
  uuid: string;
  isNew: boolean;
  /** Its own columns differ from what is stored */
  isChanged: boolean;
  /** The stored SKU is given up, so that another variant of the same save can take it */
  givesUpSku: boolean;
  position: number;
  sku: string | null;
  title: string;
  optionValues: string[];
  imageUrl: string | null;
  /** Those that differ from what is stored */
  prices: StoredPrice[];
  /** null when it is as stored */
  level: StockLevel | null;
  onHandDelta: number;
};

/**
 * What the product's live variants shall be. Without a list in the draft: those it has, fitted to the options; a new product
 * gets one without a price, of which there are none.
 * @throws NOT_FOUND, OPTIONS_INVALID, SKU_TAKEN (within the draft), STOCK_INVALID
 */
export function planVariants(
  drafts: readonly VariantDraft[],
  options: { name: string; values: string[] }[],
  state: ProductState | null,
): PlannedVariant[] {
  const matched = matchVariants(drafts, options, state);
  const skus = new Set<string>();
  return matched.map((match, position) => {
    const planned = planVariant(match, position);
    if (planned.sku !== null && skus.has(planned.sku))
      throw refuse("SKU_TAKEN", "variants", String(position), "sku");
    if (planned.sku !== null) skus.add(planned.sku);
    return planned;
  });
}

/** Drafts that leave the live variants as they are. */
export function draftsOf(state: ProductState | null): VariantDraft[] {
  if (!state) return [{ prices: {}, inventoryTracked: true }];
  return state.variants.filter(({ archived }) => !archived).map(({ uuid }) => ({ id: uuid, prices: {} }));
}

function planVariant({ draft, stored, uuid, optionValues }: Matched, position: number): PlannedVariant {
  const kept = <Value>(given: Value | undefined, before: Value | undefined, standard: Value) =>
    given === undefined ? (before ?? standard) : given;
  const columns = {
    position,
    sku: kept(draft.sku, stored?.sku, null) || null,
    title: optionValues.join(" / ") || "Default",
    optionValues,
    imageUrl: kept(draft.imageUrl, stored?.imageUrl, null) || null,
  };
  const level = planLevel(draft, stored?.level ?? null, position);
  const before = stored?.level;
  const same =
    before &&
    before.tracked === level.tracked &&
    before.oversell === level.oversell &&
    before.onHand === level.onHand;
  return {
    uuid,
    ...columns,
    isNew: stored === null,
    isChanged: stored !== null && (stored.archived || !isDeepEqual(columns, pick(stored))),
    givesUpSku: stored != null && stored.sku !== null && stored.sku !== columns.sku,
    prices: planPrices(draft, stored?.prices ?? []),
    level: same ? null : level,
    onHandDelta: level.onHand - (before?.onHand ?? 0),
  };
}

const pick = ({ position, sku, title, optionValues, imageUrl }: VariantState) => ({
  position,
  sku,
  title,
  optionValues,
  imageUrl,
});
const isDeepEqual = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function planPrices(draft: VariantDraft, stored: StoredPrice[]): StoredPrice[] {
  return Object.entries(draft.prices).flatMap(([currency, given]) => {
    const before = stored.find((price) => price.currency === currency);
    const amount = Number(given.amount);
    const compareAt =
      given.compareAt === undefined
        ? (before?.compareAt ?? null)
        : given.compareAt === null
          ? null
          : Number(given.compareAt);
    return before && before.amount === amount && before.compareAt === compareAt
      ? []
      : [{ currency, amount, compareAt }];
  });
}

/** `stock` is what can be sold; what is on hand is that and what is reserved already. */
function planLevel(
  { stock, inventoryTracked, sellBeyondStock }: VariantDraft,
  before: StockLevel | null,
  index: number,
): StockLevel {
  const { onHand, reserved } = before ?? { onHand: 0, reserved: 0 };
  const counts = stock === undefined ? (before?.tracked ?? false) : stock !== null;
  const tracked = inventoryTracked ?? counts;
  const oversell = sellBeyondStock === undefined ? (before?.oversell ?? false) : (sellBeyondStock ?? false);
  const level = { tracked, oversell, reserved, onHand: stock == null ? onHand : stock + reserved };
  if (tracked && !oversell && level.onHand < reserved)
    throw refuse("STOCK_INVALID", "variants", String(index), "stock");
  return level;
}
