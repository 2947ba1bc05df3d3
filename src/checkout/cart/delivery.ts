import type { ZoneRow } from "./cart-row";
import type { PricedDelivery } from "./priced-cart";

/** A zone's deliveries for a cart with this subtotal (minor units), in the zone's order: at their flat rate, or free from an amount on. */
export const deliveriesOf = (zone: ZoneRow | null, subtotal: bigint): PricedDelivery[] =>
  (zone?.options ?? []).map(({ handle, title, amount, freeAbove }) => ({
    handle,
    title,
    amount: freeAbove !== null && subtotal >= BigInt(freeAbove) ? 0n : BigInt(amount),
  }));
