import type { Tx } from "../../platform/database";
import { enqueued } from "../../platform/outbox";
import { answered } from "./answer-request";
import type { OperationOutcome } from "./operation-outcome";
import { releasedStock } from "./released-stock.sql";

/**
 * What a refund that has succeeded means for its order, in one statement: with `restock` all that the order still holds is set free, once;
 * the buyer is written to and the request answered.
 */
export async function refundOrder(
  tx: Tx,
  at: Date,
  outcome: OperationOutcome,
  restock: boolean,
): Promise<void> {
  const { orderId, operationId } = outcome;
  await tx.$queryRaw`
    WITH ${releasedStock(orderId, at, { from: restock ? ["COMMITTED"] : [], to: "RELEASED" })}, marked AS (
      UPDATE orders SET restocked_at = ${at}::timestamptz
      WHERE id = ${orderId}::uuid AND restocked_at IS NULL AND EXISTS (SELECT FROM released)
    ), ${answered(outcome)}
    SELECT ${enqueued("sendMail", { template: "refund", orderId, operationId })} AS queued`;
}
