import { movedOrder } from "../../orders";
import type { Tx } from "../../platform/database";
import { answered } from "./answer-request";
import type { OperationOutcome } from "./operation-outcome";
import { releasedStock } from "./released-stock.sql";

/**
 * Gives back what was held for an order whose payment was declined, opens its cart again and answers the request, in one statement.
 * The order stays PENDING.
 */
export async function releaseOrder(tx: Tx, at: Date, outcome: OperationOutcome): Promise<void> {
  const { orderId } = outcome;
  const [declined] = await tx.$queryRaw<object[]>`
    WITH ${movedOrder(orderId, "decline", at)}, ${releasedStock(orderId, at, { from: ["HELD"], to: "RELEASED" })}, reopened AS (
      UPDATE carts SET version = version + 1, updated_at = ${at}::timestamptz
      WHERE id = (SELECT cart_id FROM orders WHERE id = ${orderId}::uuid)
    ), ${answered(outcome)}
    SELECT status::text FROM moved_order`;
  if (!declined) throw new Error("An order that is being paid for cannot be declined");
}
