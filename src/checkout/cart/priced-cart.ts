import type { CartState } from "../../generated/prisma/enums";
import type { PostalAddressData } from "../../platform/address";
import type { DataKeyRow } from "../../platform/vault";
import type { CheckoutErrorCode } from "../checkout.refusals";

export type CartWarningCode = "QUANTITY_REDUCED" | "OUT_OF_STOCK" | "PRICE_CHANGED" | "UNAVAILABLE";

/** Something moved since the line was last touched. `lineUuid` is the cart line's. */
export type CartWarningData = { code: CartWarningCode; message: string; lineUuid: string };

/** A cart line at today's price. Amounts are minor units of the cart's currency. */
export type PricedLine = {
  uuid: string;
  variantUuid: string;
  productTitle: string;
  variantTitle: string;
  /** What the line is called on an order */
  title: string;
  sku: string | null;
  quantity: number;
  unitAmount: bigint;
  total: bigint;
  tracked: boolean;
  oversell: boolean;
  /** What can be sold now; null when there is no limit */
  sellable: number | null;
  /** The gravest of the line's warnings */
  warning: CartWarningCode | null;
};

/** A way of delivery that the address's zone offers in the cart's currency; `amount` is what it costs for this cart. */
export type PricedDelivery = { handle: string; title: string; amount: bigint };

/** Minor units. total = subtotal − discount + shipping, and + tax unless taxIncluded */
export type CartTotals = {
  subtotal: bigint;
  discount: bigint;
  shipping: bigint;
  tax: bigint;
  taxIncluded: boolean;
  total: bigint;
};

/** How a total came about; the sums over each kind are the totals. `lineUuid` is null for the delivery's. `rate`: parts per million */
export type PricedAdjustment = {
  kind: "DISCOUNT" | "TAX" | "SHIPPING";
  source: string;
  label: string;
  rate: number | null;
  base: bigint | null;
  amount: bigint;
  included: boolean;
  lineUuid: string | null;
};

/** A cart as it would be ordered now. Personal data is plain here: it is for its holder's eyes and for sealing again. */
export type PricedCart = {
  uuid: string;
  accountId: string | null;
  /** What the cart's personal data is sealed with; null while there is none */
  dataKey: DataKeyRow | null;
  /** The cart's own, else its account's */
  email: string | null;
  shippingAddress: PostalAddressData | null;
  billingAddress: PostalAddressData | null;
  shippingCountry: string | null;
  currency: string;
  state: CartState;
  version: number;
  /** A payment is under way: edits and another checkout are refused */
  frozen: boolean;
  orderUuid: string | null;
  lines: PricedLine[];
  delivery: PricedDelivery | null;
  deliveryOptions: PricedDelivery[];
  totals: CartTotals;
  adjustments: PricedAdjustment[];
  roundingPolicy: string;
  warnings: CartWarningData[];
  blockers: CheckoutErrorCode[];
  updatedAt: Date;
};

/** A cart's personal data in the clear; null where there is none or the person was erased. */
export type CartPerson = Pick<PricedCart, "dataKey" | "email" | "shippingAddress" | "billingAddress">;
