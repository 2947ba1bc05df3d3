import { Prisma } from "../../generated/prisma/client";
import { movedOrder } from "../../orders";
import type { Effect, Recorded } from "../../payments";
import { enqueued } from "../../platform/outbox";
import { answered } from "./answer-request";
import type { OperationOutcome } from "./operation-outcome";

/**
 * Opens an order that is paid or authorised: commits what was held for it, closes its cart, answers the request and queues the
 * confirmation.
 */
export function openedOrder(
  at: Date,
  outcome: OperationOutcome,
  { paymentStatus }: Pick<Recorded, "paymentStatus">,
): Effect {
  const { orderId } = outcome;
  return {
    changes: [
      movedOrder(orderId, "open", at, { paymentStatus }),
      Prisma.sql`committed AS (
        UPDATE reservations SET state = 'COMMITTED' WHERE order_id = ${orderId}::uuid AND state::text = 'HELD'
      ), closed AS (
        UPDATE carts SET state = 'ORDERED', version = version + 1, updated_at = ${at}::timestamptz
        WHERE id = (SELECT cart_id FROM moved_order)
      )`,
      answered(outcome),
    ],
    wroteOrder: Prisma.sql`EXISTS (SELECT FROM order_history)`,
    queued: Prisma.sql`(SELECT ${enqueued("sendMail", { template: "order-confirmation", orderId })} FROM moved_order)`,
  };
}
