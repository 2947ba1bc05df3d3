import type { PaymentOperationKind } from "../generated/prisma/enums";
import { allocate } from "../platform/money";

/** Minor units. `shippingTax` is the part of the tax that the delivery bears. */
export type OrderAmounts = {
  subtotal: bigint;
  discount: bigint;
  shipping: bigint;
  tax: bigint;
  shippingTax: bigint;
  taxIncluded: boolean;
};

/** What a captured amount is: the accounts it is credited to, in this order. */
const EARNED = ["SALES", "SHIPPING_INCOME", "TAX_PAYABLE"] as const;
const CREDITED = [...EARNED, "CUSTOMER_CREDIT"] as const;
export type Earnings = Record<(typeof CREDITED)[number], bigint>;
export const NOTHING_EARNED: Earnings = {
  SALES: 0n,
  SHIPPING_INCOME: 0n,
  TAX_PAYABLE: 0n,
  CUSTOMER_CREDIT: 0n,
};

/** An order's total by what it is: goods and delivery net of tax, and the tax. They sum to the total. */
export function earningsOf({
  subtotal,
  discount,
  shipping,
  tax,
  shippingTax,
  taxIncluded,
}: OrderAmounts): Earnings {
  const contained = taxIncluded ? tax - shippingTax : 0n;
  const shippingContained = taxIncluded ? shippingTax : 0n;
  return {
    SALES: subtotal - discount - contained,
    SHIPPING_INCOME: shipping - shippingContained,
    TAX_PAYABLE: tax,
    CUSTOMER_CREDIT: 0n,
  };
}

/**
 * What a capture of `amount` earns: a share of what is still to be earned (what was refunded is), by largest remainder, so that captures
 * in parts end at the order's own figures. What goes beyond the order is the customer's credit.
 */
export function splitCapture(
  amount: bigint,
  order: Earnings,
  captured: Earnings,
  refunded: Earnings,
): Earnings {
  // An order that was priced anew after an earlier payment may cost less than that one earned.
  const open = EARNED.map((account) => notNegative(order[account] - captured[account] + refunded[account]));
  const left = sum(open);
  const earned = amount < left ? amount : left;
  const [sales, shipping, tax] = allocate(earned, open) as [bigint, bigint, bigint];
  return { SALES: sales, SHIPPING_INCOME: shipping, TAX_PAYABLE: tax, CUSTOMER_CREDIT: amount - earned };
}

/**
 * What a refund of `amount` takes back: first the customer's credit, which the shop has not earned, then a share of what was captured
 * and not refunded yet, by largest remainder.
 */
export function splitRefund(amount: bigint, captured: Earnings, refunded: Earnings): Earnings {
  const credit = captured.CUSTOMER_CREDIT - refunded.CUSTOMER_CREDIT;
  const fromCredit = amount < credit ? amount : credit;
  const open = EARNED.map((account) => captured[account] - refunded[account]);
  const [sales, shipping, tax] = allocate(amount - fromCredit, open) as [bigint, bigint, bigint];
  return { SALES: sales, SHIPPING_INCOME: shipping, TAX_PAYABLE: tax, CUSTOMER_CREDIT: fromCredit };
}

/** The sums that operations of one kind have posted, from the books' signed entries. */
export function postedBy(
  kind: Extract<PaymentOperationKind, "CAPTURE" | "REFUND">,
  posted: { kind: PaymentOperationKind; account: string; amount: bigint }[],
): Earnings {
  const sign = kind === "CAPTURE" ? -1n : 1n; // income is credited, hence negative
  const of = (account: string) =>
    sum(posted.filter((one) => one.kind === kind && one.account === account).map((one) => one.amount));
  return Object.fromEntries(CREDITED.map((account) => [account, sign * of(account)])) as Earnings;
}

const notNegative = (amount: bigint) => (amount > 0n ? amount : 0n);
const sum = (amounts: bigint[]) => amounts.reduce((a, b) => a + b, 0n);
