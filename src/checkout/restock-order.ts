import type { Tx } from "../platform/database";
import { answered } from "./answer-request";
import type { OperationOutcome } from "./operation-outcome";
import { releasedStock } from "./released-stock.sql";

/** Puts what an order still holds back into stock, once, because a refund said so; and answers the request. */
export async function restockOrder(tx: Tx, at: Date, outcome: OperationOutcome): Promise<void> {
  const { orderId } = outcome;
  await tx.$executeRaw`
    WITH ${releasedStock(orderId, at, { from: ["COMMITTED"], to: "RELEASED" })}, marked AS (
      UPDATE orders SET restocked_at = ${at}::timestamptz
      WHERE id = ${orderId}::uuid AND restocked_at IS NULL AND EXISTS (SELECT FROM released)
    ), ${answered(outcome)}
    SELECT 1`;
}
