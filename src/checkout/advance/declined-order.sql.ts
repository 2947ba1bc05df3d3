import { Prisma } from "../../generated/prisma/client";
import { movedOrder } from "../../orders";
import type { Effect, Recorded } from "../../payments";
import { answered } from "./answer-request";
import type { OperationOutcome } from "./operation-outcome";
import { releasedStock } from "./released-stock.sql";

/** Gives back what was held for an order whose payment was declined, opens its cart again and answers the request. It stays PENDING. */
export function declinedOrder(
  at: Date,
  outcome: OperationOutcome,
  { paymentStatus }: Pick<Recorded, "paymentStatus">,
): Effect {
  const { orderId } = outcome;
  return {
    changes: [
      movedOrder(orderId, "decline", at, { paymentStatus }),
      releasedStock(orderId, at, { from: ["HELD"], to: "RELEASED" }),
      Prisma.sql`reopened AS (
        UPDATE carts SET version = version + 1, updated_at = ${at}::timestamptz
        WHERE id = (SELECT cart_id FROM moved_order)
      )`,
      answered(outcome),
    ],
    wroteOrder: Prisma.sql`EXISTS (SELECT FROM order_history)`,
  };
}
