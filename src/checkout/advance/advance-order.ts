import {
  openBooks,
  type ProviderOutcome,
  type Recorded,
  recordOutcome,
  setAside,
  theOrder,
} from "../../payments";
import type { Platform } from "../../platform/context";
import { type Sql, type Tx, transact } from "../../platform/database";
import { answerRequest } from "./answer-request";
import { commitOrder } from "./commit-order";
import { giveBack } from "./give-back";
import { handOverOrder } from "./hand-over-order";
import { judgeMoney } from "./judge-money";
import { keepPaymentMethod } from "./keep-payment-method";
import type { OperationOutcome } from "./operation-outcome";
import { refundOrder } from "./refund-order";
import { releaseOrder } from "./release-order";

/**
 * The one way an order moves on after its provider was asked, whoever heard the answer: the request itself, a webhook, the sweep after a
 * crash. In one transaction (`sql`, when that is one): the operation and the books, the order, its stock, its cart, the events and the
 * answer kept for the request's key. A decline is committed like a success. Who comes second changes nothing.
 * @returns what the request came to
 */
export async function advanceOrder(
  platform: Platform,
  operationUuid: string,
  outcome: ProviderOutcome,
  sql: Sql = platform.db,
): Promise<OperationOutcome> {
  const result = await transact(sql, async (tx) => {
    const at = platform.clock.now();
    const recorded = await recordOutcome(tx, at, operationUuid, outcome);
    const effect = await takeEffect(tx, platform, at, recorded, outcome, resultOf(operationUuid, recorded));
    await platform.reached("operation.recording");
    return effect;
  });
  if (sql === platform.db) await platform.reached("operation.recorded");
  return result;
}

function resultOf(operationId: string, { status, kind, paymentUuid, books }: Recorded): OperationOutcome {
  const result = { orderId: books.orderUuid, paymentId: paymentUuid, operationId };
  return status === "FAILED" && kind !== "AUTHORIZE" ? { ...result, error: "PROVIDER_REFUSED" } : result;
}

/** What the outcome means for the order: nothing when it was known. */
async function takeEffect(
  tx: Tx,
  platform: Platform,
  at: Date,
  recorded: Recorded,
  { method }: ProviderOutcome,
  result: OperationOutcome,
): Promise<OperationOutcome> {
  const { moved, kind, status, lapsed, restock } = recorded;
  if (moved && kind === "AUTHORIZE" && status === "SUCCEEDED" && !lapsed) {
    const returned = await judgeMoney(tx, at, recorded.books, result.paymentId);
    if (returned) {
      await giveBack(tx, at, result, returned);
      return result;
    }
    await setAsideOthers(tx, recorded);
    const { saves } = await commitOrder(tx, at, result);
    if (recorded.late) await handOverOrder(tx, result.orderId);
    if (saves) await keepPaymentMethod(tx, platform, at, result.paymentId, method);
    return result;
  }
  if (moved && kind === "AUTHORIZE" && status === "FAILED") await releaseOrder(tx, at, result);
  else if (moved && kind === "REFUND" && status === "SUCCEEDED") await refundOrder(tx, at, result, restock);
  else await answerRequest(tx, result);
  return result;
}

/** Attempts whose money was given back before this one came: the order is paid with this one, and its status says so. */
async function setAsideOthers(tx: Tx, { books, paymentUuid }: Recorded): Promise<void> {
  const had = books.operations.filter((one) => one.kind === "AUTHORIZE" && one.status === "SUCCEEDED");
  const others = had.filter((one) => one.paymentUuid !== paymentUuid && !one.surplus);
  if (others.length === 0) return;
  const now = await openBooks(tx, theOrder(books.orderUuid)); // with the money in
  if (now)
    await setAside(
      tx,
      now,
      others.map((one) => one.paymentUuid),
    );
}
