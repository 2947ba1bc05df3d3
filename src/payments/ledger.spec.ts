import { type Earnings, earningsOf, splitCapture, splitRefund } from "./earnings";
import { entriesOf } from "./ledger";

const nothing: Earnings = { SALES: 0n, SHIPPING_INCOME: 0n, TAX_PAYABLE: 0n, CUSTOMER_CREDIT: 0n };
const amounts = { subtotal: 10_00n, discount: 1_00n, shipping: 4_90n, tax: 2_22n, shippingTax: 78n };
const sum = (values: bigint[]) => values.reduce((a, b) => a + b, 0n);
const add = (a: Earnings, b: Earnings) =>
  Object.fromEntries(
    Object.entries(a).map(([account, amount]) => [account, amount + b[account as keyof Earnings]]),
  ) as Earnings;

test("what an order earns is its total, net of the tax it contains", () => {
  expect(earningsOf({ ...amounts, taxIncluded: true })).toEqual({
    ...nothing,
    SALES: 7_56n,
    SHIPPING_INCOME: 4_12n,
    TAX_PAYABLE: 2_22n,
  });
  expect(earningsOf({ ...amounts, taxIncluded: false })).toEqual({
    ...nothing,
    SALES: 9_00n,
    SHIPPING_INCOME: 4_90n,
    TAX_PAYABLE: 2_22n,
  });
});

test.each([[[13_90n]], [[1n, 13_89n]], [[5_00n, 5_00n, 3_90n]], [Array.from({ length: 1390 }, () => 1n)]])(
  "captures in parts end at the order's own figures, refunds in parts at nothing (case %#)",
  (parts) => {
    const order = earningsOf({ ...amounts, taxIncluded: true });
    let [captured, refunded] = [nothing, nothing];
    for (const part of parts) {
      const share = splitCapture(part, order, captured, nothing);
      expect(sum(Object.values(share))).toBe(part);
      expect(Object.values(share).every((amount) => amount >= 0n)).toBe(true);
      captured = add(captured, share);
    }
    expect(captured).toEqual(order);
    for (const part of parts) refunded = add(refunded, splitRefund(part, captured, refunded));
    expect(refunded).toEqual(order);
  },
);

test("what is captured beyond the order is the customer's credit, and can be refunded", () => {
  const order = earningsOf({ ...amounts, taxIncluded: true });
  const captured = splitCapture(20_00n, order, nothing, nothing);
  expect(captured).toEqual({ ...order, CUSTOMER_CREDIT: 6_10n });
  expect(splitRefund(20_00n, captured, nothing)).toEqual(captured);
});

test("a refund returns the customer's credit first; what was refunded can be earned again", () => {
  const order = earningsOf({ ...amounts, taxIncluded: true });
  const captured = splitCapture(20_00n, order, nothing, nothing);
  expect(splitRefund(6_00n, captured, nothing)).toEqual({ ...nothing, CUSTOMER_CREDIT: 6_00n });
  expect(splitCapture(13_90n, order, order, order)).toEqual(order);
});

test.each(["AUTHORIZE", "CAPTURE", "VOID", "REFUND"] as const)("the entries of a %s sum to 0", (kind) => {
  const order = earningsOf({ ...amounts, taxIncluded: true });
  for (const amount of [0n, 1n, 7_77n, 13_90n]) {
    const entries = entriesOf(kind, amount, {
      order,
      captured: kind === "REFUND" ? order : nothing,
      refunded: nothing,
    });
    expect(entries.length).toBeGreaterThan(0);
    expect(sum(entries.map((entry) => entry.amount))).toBe(0n);
  }
});
