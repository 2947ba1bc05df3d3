import { type ProviderOutcome, recordOutcome } from "../payments";
import type { Platform } from "../platform/context";
import { type Tx, transact } from "../platform/database";
import { answerRequest } from "./answer-request";
import type { CheckoutOutcome } from "./checkout-outcome";
import { commitOrder } from "./commit-order";
import { keepPaymentMethod } from "./keep-payment-method";
import type { Attempt } from "./place-order";
import { releaseOrder } from "./release-order";

/** Which attempt to pay is taken further. */
export type Advancing = Pick<Attempt, "orderUuid" | "paymentUuid" | "operationUuid">;

/**
 * The one way an order moves on after its provider was asked, whoever heard the answer: the request itself, the sweep after a crash, a
 * webhook. In one transaction: the operation and the books, the order, its stock, its cart, the events and the answer kept
 * for the request's key. A decline is committed like a success. Who comes second changes nothing.
 * @returns what the checkout came to
 */
export function advanceOrder(
  platform: Platform,
  attempt: Advancing,
  outcome: ProviderOutcome,
): Promise<CheckoutOutcome> {
  return transact(platform.db, async (tx) => {
    const at = platform.clock.now();
    const { operationUuid, orderUuid: orderId, paymentUuid: paymentId } = attempt;
    const { moved, status } = await recordOutcome(tx, at, operationUuid, outcome);
    const result: CheckoutOutcome =
      status === "FAILED" ? { orderId, paymentId, error: "PAYMENT_DECLINED" } : { orderId, paymentId };
    if (!moved) return result;
    if (status === "SUCCEEDED") await openOrder(tx, platform, at, operationUuid, result, outcome);
    else if (status === "FAILED") await releaseOrder(tx, at, operationUuid, result);
    else await answerRequest(tx, operationUuid, result); // it goes on when the provider has decided
    return result;
  });
}

/** The order is as good as paid: it is the shop's turn now. */
async function openOrder(
  tx: Tx,
  platform: Platform,
  at: Date,
  operationUuid: string,
  result: CheckoutOutcome,
  { method }: ProviderOutcome,
) {
  const { saves } = await commitOrder(tx, at, operationUuid, result);
  if (saves) await keepPaymentMethod(tx, platform, at, result.paymentId, method);
}
