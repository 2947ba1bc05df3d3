import { anOperation, type Break, unlock } from "./break";

const LIMITS = "captured and voided ≤ authorised, refunded ≤ captured";
const SUMS = "a payment's sums are those of its operations";
const TOTAL = "nobody pays more than the order's total";
const GIVEN_BACK = "money that buys nothing is being given back";
const STATUS = "an order's payment status is what its operations say";
const FITS = "an operation is in its payment's and its order's currency, and of no more than the payment";
const ONE_ATTEMPT = "one attempt to pay an order is open at a time, and only while the order is PENDING";

export const paymentBreaks: Break[] = [
  [
    LIMITS,
    unlock("payment_operations"),
    "UPDATE payment_operations SET amount = amount + 1 WHERE kind = 'CAPTURE'",
  ],
  [
    LIMITS,
    "ALTER TABLE payments DROP CONSTRAINT payments_refunded_check",
    anOperation("REFUND", "SUCCEEDED", "amount + 1"),
  ],
  [
    LIMITS,
    "ALTER TABLE payments DROP CONSTRAINT payments_captured_check",
    anOperation("VOID", "SUCCEEDED", "1"),
  ],
  [SUMS, "UPDATE payments SET refunding = 1 WHERE captured > 0"],
  [SUMS, unlock("payment_operations"), anOperation("REFUND", "SUCCEEDED", "1")],
  [SUMS, unlock("payment_operations"), anOperation("AUTHORIZE", "SUCCEEDED", "1")],
  [TOTAL, anOperation("AUTHORIZE", "SUCCEEDED", "1")],
  [
    TOTAL,
    "ALTER TABLE orders DROP CONSTRAINT orders_total_check",
    "UPDATE orders SET total = total - 1 WHERE status = 'OPEN'",
  ],
  [GIVEN_BACK, "UPDATE orders SET status = 'CANCELLED'"],
  [GIVEN_BACK, "UPDATE payments SET surplus = true"],
  [GIVEN_BACK, "UPDATE orders SET status = 'EXPIRED'", anOperation("REFUND", "SUCCEEDED", "1")],
  [
    GIVEN_BACK,
    unlock("payment_operations"),
    "UPDATE orders SET status = 'PENDING'",
    "UPDATE payments SET amount = 0, authorized = 0, captured = 0",
  ],
  [STATUS, "UPDATE orders SET payment_status = 'UNPAID' WHERE status = 'PENDING'"],
  [STATUS, anOperation("REFUND", "SUCCEEDED", "1")],
  [STATUS, "UPDATE payments SET surplus = true"],
  [FITS, anOperation("CAPTURE", "FAILED", "1", "'USD', now()")],
  [FITS, unlock("payment_operations"), "UPDATE payment_operations SET amount = amount + 1"],
  [ONE_ATTEMPT, anOperation("AUTHORIZE", "UNKNOWN", "1")],
  [
    ONE_ATTEMPT,
    "DROP INDEX payment_operations_order_id_open_key",
    "UPDATE orders SET status = 'PENDING'",
    anOperation("AUTHORIZE", "UNKNOWN", "1"),
    anOperation("AUTHORIZE", "ACTION_REQUIRED", "1"),
  ],
];
