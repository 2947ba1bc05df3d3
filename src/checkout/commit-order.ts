import type { Tx } from "../platform/database";
import { answered } from "./answer-request";
import type { CheckoutOutcome } from "./checkout-replay";

/**
 * Commits what was held for an order that is paid or authorised, closes its cart and answers the request, in one statement.
 * @returns whether its account wants to keep the payment method
 */
export async function commitOrder(tx: Tx, at: Date, operationUuid: string, outcome: CheckoutOutcome) {
  const [kept] = await tx.$queryRaw<[{ saves: boolean }]>`
    WITH committed AS (
      UPDATE reservations SET state = 'COMMITTED' WHERE order_id = ${outcome.orderId}::uuid AND state = 'HELD'
    ), closed AS (
      UPDATE carts SET state = 'ORDERED', version = version + 1, updated_at = ${at}::timestamptz
      WHERE id = (SELECT cart_id FROM orders WHERE id = ${outcome.orderId}::uuid)
    ), ${answered(operationUuid, outcome)}
    SELECT p.save_method AND o.account_id IS NOT NULL AS saves
    FROM payments p JOIN orders o ON o.id = p.order_id WHERE p.id = ${outcome.paymentId}::uuid`;
  return kept;
}
