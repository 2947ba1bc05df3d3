import { Prisma } from "../../generated/prisma/client";
import type { Effect, Recorded } from "../../payments";
import { enqueued } from "../../platform/outbox";
import { answered } from "./answer-request";
import type { OperationOutcome } from "./operation-outcome";
import { releasedStock } from "./released-stock.sql";

/**
 * What a refund that has succeeded means for its order: with `restock` all that the order still holds is set free, once; the buyer is
 * written to and the request answered.
 */
export function refundedOrder(
  at: Date,
  outcome: OperationOutcome,
  { restock, paymentStatus }: Pick<Recorded, "restock" | "paymentStatus">,
): Effect {
  const { orderId, operationId } = outcome;
  return {
    changes: [
      releasedStock(orderId, at, { from: restock ? ["COMMITTED"] : [], to: "RELEASED" }),
      Prisma.sql`refunded_order AS (
        UPDATE orders SET payment_status = ${paymentStatus}::payment_status, updated_at = ${at}::timestamptz,
          restocked_at = CASE WHEN EXISTS (SELECT FROM released) THEN coalesce(restocked_at, ${at}::timestamptz) ELSE restocked_at END
        WHERE id = ${orderId}::uuid
        RETURNING id
      )`,
      answered(outcome),
    ],
    queued: enqueued("sendMail", { template: "refund", orderId, operationId }),
    wroteOrder: Prisma.sql`EXISTS (SELECT FROM refunded_order)`,
  };
}
