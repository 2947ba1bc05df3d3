import { movedOrder } from "../../orders";
import type { Tx } from "../../platform/database";
import { enqueued } from "../../platform/outbox";
import { answered } from "./answer-request";
import type { OperationOutcome } from "./operation-outcome";

/**
 * Opens an order that is paid or authorised, in one statement: commits what was held for it, closes its cart, answers the request and queues
 * the confirmation. @returns whether its account wants to keep the payment method
 */
export async function commitOrder(tx: Tx, at: Date, outcome: OperationOutcome) {
  const { orderId, paymentId } = outcome;
  const [opened] = await tx.$queryRaw<{ saves: boolean }[]>`
    WITH ${movedOrder(orderId, "open", at)}, committed AS (
      UPDATE reservations SET state = 'COMMITTED' WHERE order_id = ${orderId}::uuid AND state = 'HELD'
    ), closed AS (
      UPDATE carts SET state = 'ORDERED', version = version + 1, updated_at = ${at}::timestamptz
      WHERE id = (SELECT cart_id FROM orders WHERE id = ${orderId}::uuid)
    ), ${answered(outcome)}
    SELECT p.save_method AND o.account_id IS NOT NULL AS saves,
      ${enqueued("sendMail", { template: "order-confirmation", orderId })} AS queued
    FROM moved_order JOIN orders o ON o.id = moved_order.id JOIN payments p ON p.id = ${paymentId}::uuid`;
  if (!opened) throw new Error("An order that is being paid for cannot be opened");
  return opened;
}
