/** One more operation of the paid order. */
const anOperation = (kind: string, status: string, amount: string, more = "op.currency, now()") => `
  INSERT INTO payment_operations (id, payment_id, order_id, provider, kind, status, amount, idempotency_key, currency, lease_until,
    created_at, updated_at)
  SELECT gen_random_uuid(), payment_id, order_id, 'elsewhere', '${kind}', '${status}', ${amount}, gen_random_uuid(), ${more}, now(), now()
  FROM payment_operations op WHERE kind = 'CAPTURE'`;
const unlock = (table: string) => `ALTER TABLE ${table} DISABLE TRIGGER USER`;
/**
 * Ways to break a shop with a paid and a declined order by hand, as the owner of the database can with its guards switched off: the invariant
 * that must notice, and the statements.
 */
export const breaks: [invariant: string, ...statements: string[]][] = [
  ["stock levels are the sums of their movements", "UPDATE stocks SET on_hand = on_hand + 1"],
  [
    "stock levels are the sums of their movements",
    unlock("stock_movements"),
    "DELETE FROM stock_movements WHERE kind = 'RELEASE'",
  ],
  ["reserved stock is the sum of live reservations", "UPDATE reservations SET quantity = quantity + 1"],
  ["reserved stock is the sum of live reservations", "DELETE FROM reservations WHERE state = 'COMMITTED'"],
  [
    "no more is promised than is there",
    "ALTER TABLE stocks DROP CONSTRAINT stocks_reserved_check",
    "UPDATE stocks SET reserved = on_hand + 1",
  ],
  [
    "orders keep the stock that their state says",
    "UPDATE reservations SET state = 'RELEASED' WHERE state = 'COMMITTED'",
  ],
  [
    "orders keep the stock that their state says",
    "UPDATE reservations SET state = 'HELD' WHERE state = 'RELEASED'",
  ],
  [
    "an order's total is its subtotal - discount + shipping, + tax where it is added",
    "ALTER TABLE orders DROP CONSTRAINT orders_total_check",
    "UPDATE orders SET total = total + 1",
  ],
  [
    "an order's subtotal is the sum of its lines, of which it has some",
    "UPDATE orders SET subtotal = subtotal + 1, discount = discount + 1",
  ],
  [
    "an order's subtotal is the sum of its lines, of which it has some",
    "DELETE FROM adjustments",
    "DELETE FROM order_lines",
  ],
  [
    "a line's total is its quantity times its price",
    "ALTER TABLE order_lines DROP CONSTRAINT order_lines_total_check",
    "UPDATE order_lines SET unit_amount = unit_amount + 1",
  ],
  [
    "discount, shipping and tax are the sums of their adjustments",
    "UPDATE adjustments SET amount = amount + 1 WHERE kind = 'TAX'",
  ],
  [
    "discount, shipping and tax are the sums of their adjustments",
    "DELETE FROM adjustments WHERE kind = 'SHIPPING'",
  ],
  [
    "an order's taxes are all included or all added",
    "UPDATE adjustments SET included = NOT included WHERE kind = 'TAX'",
  ],
  ["a cart is ORDERED when its order is OPEN or further, and only then", "UPDATE carts SET state = 'ACTIVE'"],
  [
    "a cart is ORDERED when its order is OPEN or further, and only then",
    "UPDATE carts SET state = 'ORDERED'",
  ],
  ["an order is OPEN when it is authorised or paid, and not before", "UPDATE orders SET status = 'EXPIRED'"],
  ["an order is OPEN when it is authorised or paid, and not before", "UPDATE orders SET status = 'OPEN'"],
  [
    "a paid order takes effect once: it was opened once, in its history and in the feed",
    `INSERT INTO order_events (id, order_id, type, message, at)
     SELECT gen_random_uuid(), order_id, type, message, at FROM order_events WHERE type = 'order.opened'`,
  ],
  [
    "a paid order takes effect once: it was opened once, in its history and in the feed",
    unlock("outbox_events"),
    "DELETE FROM outbox_events WHERE type = 'order.opened'",
  ],
  [
    "captured and voided ≤ authorised, refunded ≤ captured",
    unlock("payment_operations"),
    "UPDATE payment_operations SET amount = amount + 1 WHERE kind = 'CAPTURE'",
  ],
  [
    "captured and voided ≤ authorised, refunded ≤ captured",
    "ALTER TABLE payments DROP CONSTRAINT payments_refunded_check",
    anOperation("REFUND", "SUCCEEDED", "amount + 1"),
  ],
  [
    "captured and voided ≤ authorised, refunded ≤ captured",
    "ALTER TABLE payments DROP CONSTRAINT payments_captured_check",
    anOperation("VOID", "SUCCEEDED", "1"),
  ],
  ["nobody pays more than the order's total", anOperation("AUTHORIZE", "SUCCEEDED", "1")],
  [
    "an order's payment status is what its operations say",
    "UPDATE orders SET payment_status = 'UNPAID' WHERE status = 'PENDING'",
  ],
  ["an order's payment status is what its operations say", anOperation("REFUND", "SUCCEEDED", "1")],
  [
    "an operation is in its payment's and its order's currency, and of no more than the payment",
    anOperation("CAPTURE", "FAILED", "1", "'USD', now()"),
  ],
  [
    "one attempt to pay an order is open at a time, and only while the order is PENDING",
    anOperation("AUTHORIZE", "UNKNOWN", "1"),
  ],
  [
    "one attempt to pay an order is open at a time, and only while the order is PENDING",
    "DROP INDEX payment_operations_order_id_open_key",
    "UPDATE orders SET status = 'PENDING'",
    anOperation("AUTHORIZE", "UNKNOWN", "1"),
    anOperation("AUTHORIZE", "ACTION_REQUIRED", "1"),
  ],
  [
    "no operation is PENDING for longer than its time limit",
    anOperation("REFUND", "PENDING", "1", "op.currency, now() - interval '6 minutes'"),
  ],
  [
    "no request waits for its answer for longer than its time limit",
    "UPDATE idempotency_records SET state = 'RUNNING', lease_until = now() - interval '6 minutes'",
  ],
  [
    "no request waits for its answer for longer than its time limit",
    "UPDATE idempotency_records SET outcome = NULL",
  ],
  ["the sandbox provider's books and ours agree", "DELETE FROM sandbox.charges"],
  ["the sandbox provider's books and ours agree", "UPDATE sandbox.charges SET amount = amount + 1"],
  ["the sandbox provider's books and ours agree", "UPDATE sandbox.charges SET outcome = 'SUCCEEDED'"],
  [
    "the sandbox provider's books and ours agree",
    "INSERT INTO sandbox.charges (key, kind, amount, currency, outcome, created_at) VALUES ('k', 'SALE', 1, 'EUR', 'SUCCEEDED', now())",
  ],
  [
    "every ledger transaction has entries and sums to 0",
    unlock("ledger_entries"),
    "UPDATE ledger_entries SET amount = amount - 1 WHERE account_type = 'SALES'",
  ],
  [
    "every ledger transaction has entries and sums to 0",
    unlock("ledger_entries"),
    "DELETE FROM ledger_entries",
  ],
  [
    "every operation that succeeded is one ledger transaction, and no other is",
    unlock("ledger_entries"),
    unlock("ledger_transactions"),
    "DELETE FROM ledger_entries",
    "DELETE FROM ledger_transactions",
  ],
  [
    "every operation that succeeded is one ledger transaction, and no other is",
    `INSERT INTO ledger_transactions (id, operation_id, order_id, created_at)
     SELECT gen_random_uuid(), id, order_id, now() FROM payment_operations WHERE status = 'FAILED'`,
  ],
  [
    "ledger entries say what their operation did",
    unlock("ledger_entries"),
    "UPDATE ledger_entries SET amount = -amount",
  ],
  [
    "an order captured in full earned its own total and tax; one refunded in full, nothing",
    unlock("ledger_entries"),
    "UPDATE ledger_entries SET amount = amount - 1 WHERE account_type = 'SALES'",
    "UPDATE ledger_entries SET amount = amount + 1 WHERE account_type = 'TAX_PAYABLE'",
  ],
  [
    "price ranges are the lowest and highest prices of live variants",
    "UPDATE product_price_ranges SET max_amount = max_amount + 1",
  ],
  ["price ranges are the lowest and highest prices of live variants", "DELETE FROM product_price_ranges"],
  ["a product is available when a live variant can be sold", "UPDATE products SET available = NOT available"],
];
