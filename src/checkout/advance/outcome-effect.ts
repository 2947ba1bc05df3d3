import type { Effect, Recorded } from "../../payments";
import { answeredAlone } from "./answer-request";
import { declinedOrder } from "./declined-order.sql";
import type { Returned } from "./judge-money";
import { openedOrder } from "./opened-order.sql";
import type { OperationOutcome } from "./operation-outcome";
import { refundedOrder } from "./refunded-order.sql";

/** What the request that asked for an operation came to with this outcome. */
export function resultOf(
  operationId: string,
  { status, kind, paymentUuid, books }: Recorded,
): OperationOutcome {
  const result = { orderId: books.orderUuid, paymentId: paymentUuid, operationId };
  return status === "FAILED" && kind !== "AUTHORIZE" ? { ...result, error: "PROVIDER_REFUSED" } : result;
}

/** Money has come, or is promised. */
export const bringsMoney = ({ kind, status, lapsed }: Recorded) =>
  kind === "AUTHORIZE" && status === "SUCCEEDED" && !lapsed;

/** What an outcome that is news means for the order. Money that is given back changes nothing of it yet. */
export function effectOf(
  at: Date,
  recorded: Recorded,
  returned: Returned | null,
  result: OperationOutcome,
): Effect {
  const { kind, status } = recorded;
  if (bringsMoney(recorded)) return returned ? answeredAlone(result) : openedOrder(at, result, recorded);
  if (kind === "AUTHORIZE" && status === "FAILED") return declinedOrder(at, result, recorded);
  if (kind === "REFUND" && status === "SUCCEEDED") return refundedOrder(at, result, recorded);
  return answeredAlone(result);
}
