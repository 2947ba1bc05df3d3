import { anOperation, type Break, unlock } from "./breaks/break";
import { catalogBreaks } from "./breaks/catalog";
import { inboxBreaks } from "./breaks/inbox";
import { paymentBreaks } from "./breaks/payments";
import { waitingBreaks } from "./breaks/waiting";

/**
 * Ways to break a shop with a paid and a declined order by hand, as the owner of the database can with its guards switched off: the invariant
 * that must notice, and the statements.
 */
export const breaks: Break[] = [
  ...paymentBreaks,
  ...waitingBreaks,
  ...inboxBreaks,
  ...catalogBreaks,
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
  ["orders keep the stock that their state says", "UPDATE orders SET restocked_at = now()"],
  ["orders keep the stock that their state says", "UPDATE orders SET status = 'CANCELLED'"],
  [
    "orders keep the stock that their state says",
    "UPDATE orders SET status = 'PENDING'",
    anOperation("AUTHORIZE", "UNKNOWN", "1"),
    "UPDATE reservations SET state = 'EXPIRED', created_at = now() - interval '1 day'",
  ],
  [
    "a refund that says so has put the order's goods back",
    anOperation("REFUND", "SUCCEEDED", "1"),
    unlock("payment_operations"),
    "UPDATE payment_operations SET restock = true WHERE kind = 'REFUND'",
  ],
  [
    "a refund that says so has put the order's goods back",
    anOperation("REFUND", "SUCCEEDED", "amount"),
    unlock("payment_operations"),
    "UPDATE payment_operations SET restock = true WHERE kind = 'REFUND'",
    "UPDATE reservations SET state = 'COMMITTED'",
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
  [
    "an order is OPEN when one payment of its total has been authorised, and not before",
    "UPDATE orders SET status = 'OPEN'",
  ],
  [
    "an order is OPEN when one payment of its total has been authorised, and not before",
    "UPDATE payments SET surplus = true",
  ],
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
  ["the sandbox provider's books and ours agree", "DELETE FROM sandbox.movements WHERE kind = 'CAPTURE'"],
  ["the sandbox provider's books and ours agree", "UPDATE sandbox.movements SET amount = amount + 1"],
  ["the sandbox provider's books and ours agree", "UPDATE sandbox.movements SET currency = 'USD'"],
  [
    "the sandbox provider's books and ours agree",
    "UPDATE sandbox.movements SET state = 'SUCCEEDED', reason = NULL WHERE state = 'FAILED'",
  ],
  [
    "the sandbox provider's books and ours agree",
    `INSERT INTO sandbox.movements (key, kind, asked, reference, intent, amount, currency, state, capture, created_at, decided_at)
     VALUES ('k', 'AUTHORIZE', true, 'r', 'r', 1, 'EUR', 'SUCCEEDED', false, now(), now())`,
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
];
