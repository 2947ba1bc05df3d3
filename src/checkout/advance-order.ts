import { isOpen, leftOf, type ProviderOutcome, type Recorded, recordOutcome } from "../payments";
import type { Platform } from "../platform/context";
import { type Sql, type Tx, transact } from "../platform/database";
import { answerRequest } from "./answer-request";
import { commitOrder } from "./commit-order";
import { giveBack } from "./give-back";
import { keepPaymentMethod } from "./keep-payment-method";
import type { OperationOutcome } from "./operation-outcome";
import { releaseOrder } from "./release-order";
import { restockOrder } from "./restock-order";
import { secureStock } from "./secure-stock";

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
  if (status !== "FAILED") return result;
  return { ...result, error: kind === "AUTHORIZE" ? "PAYMENT_DECLINED" : "PROVIDER_REFUSED" };
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
    const refusal = await refusalOf(tx, at, recorded);
    if (refusal) {
      const returned: OperationOutcome = refusal === "SURPLUS" ? result : { ...result, error: refusal };
      await giveBack(tx, at, returned, refusal === "SURPLUS");
      return returned;
    }
    const { saves } = await commitOrder(tx, at, result);
    if (saves) await keepPaymentMethod(tx, platform, at, result.paymentId, method);
    return result;
  }
  if (moved && kind === "AUTHORIZE" && status === "FAILED") await releaseOrder(tx, at, result);
  else if (moved && kind === "REFUND" && status === "SUCCEEDED" && restock)
    await restockOrder(tx, at, result);
  else await answerRequest(tx, result);
  return result;
}

/**
 * Why money that has come cannot be taken, or null: SURPLUS when another attempt pays or has paid for the order, OUT_OF_STOCK when its time
 * was over and the goods are gone, PAYMENT_DECLINED when the order is not what this payment was for.
 */
async function refusalOf(tx: Tx, at: Date, { books, paymentUuid }: Recorded) {
  const others = books.operations.filter((one) => one.paymentUuid !== paymentUuid);
  const paysToo = others.some((one) => {
    const { authorized, captured } = leftOf(books, one.paymentUuid);
    const pays = !one.surplus && (authorized > 0n || captured > 0n);
    return one.kind === "AUTHORIZE" && (isOpen(one.status) || pays);
  });
  if (paysToo) return "SURPLUS";
  const [amount] = books.operations.filter((one) => one.paymentUuid === paymentUuid).map((one) => one.amount);
  const payable = (books.status === "PENDING" || books.status === "EXPIRED") && amount === books.total;
  if (!payable) return "PAYMENT_DECLINED";
  return (await secureStock(tx, at, books.orderUuid)) ? null : "OUT_OF_STOCK";
}
