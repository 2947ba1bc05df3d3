import { allocate } from "../../platform/money";
import type { CartTotals, PricedAdjustment, PricedDelivery } from "./priced-cart";
import { taxOn } from "./tax";

/**
 * How orders were computed that store this name: tax is computed once on the sum of goods and delivery, rounded half up, then
 * split over lines and delivery by largest remainder, so that the parts sum to it exactly.
 */
export const ROUNDING_POLICY = "total-half-up-v1";

/** What a zone takes; `rate` in parts per million, `handle` names the zone. */
export type TaxRule = { handle: string; label: string; rate: number; included: boolean };
export type Taxable = {
  lines: { uuid: string; total: bigint }[];
  delivery: PricedDelivery | null;
  tax: TaxRule | null;
};

/** Totals in minor units and the adjustments they are sums of. Without a zone no tax is known yet: 0, included. */
export function computeTotals({ lines, delivery, tax: rule }: Taxable) {
  const subtotal = sum(lines.map((line) => line.total));
  const discount = 0n;
  const shipping = delivery?.amount ?? 0n;
  const goodsAndDelivery = subtotal - discount + shipping;
  const tax = rule ? taxOn(goodsAndDelivery, rule.rate, rule.included) : 0n;
  const taxIncluded = rule?.included ?? true;
  const total = goodsAndDelivery + (taxIncluded ? 0n : tax);
  const totals: CartTotals = { subtotal, discount, shipping, tax, taxIncluded, total };
  return {
    totals,
    /** Only an order needs them: they are worked out when they are read. */
    get adjustments() {
      return [
        ...(delivery ? [shippingOf(delivery, subtotal)] : []),
        ...(rule ? splitTax(rule, tax, lines, delivery) : []),
      ];
    },
  };
}

const shippingOf = ({ handle, title, amount }: PricedDelivery, subtotal: bigint): PricedAdjustment => ({
  kind: "SHIPPING",
  source: `delivery:${handle}`,
  label: title,
  rate: null,
  base: subtotal,
  amount,
  included: false,
  lineUuid: null,
});

/** The tax of each line and of the delivery; what costs nothing bears none. */
function splitTax(rule: TaxRule, tax: bigint, lines: Taxable["lines"], delivery: PricedDelivery | null) {
  const bearers = [
    ...lines.map((line) => ({ lineUuid: line.uuid, base: line.total })),
    { lineUuid: null, base: delivery?.amount ?? 0n },
  ].filter(({ base }) => base > 0n);
  const parts = allocate(
    tax,
    bearers.map(({ base }) => base),
  );
  return bearers.map(
    ({ lineUuid, base }, index): PricedAdjustment => ({
      kind: "TAX",
      source: `zone:${rule.handle}`,
      label: rule.label,
      rate: rule.rate,
      base,
      amount: parts[index] ?? 0n,
      included: rule.included,
      lineUuid,
    }),
  );
}

export const sum = (amounts: bigint[]) => amounts.reduce((a, b) => a + b, 0n);
