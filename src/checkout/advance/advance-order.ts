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
import { giveBack } from "./give-back";
import { handOverOrder } from "./hand-over-order";
import { judgeMoney, type Returned } from "./judge-money";
import { keepPaymentMethod } from "./keep-payment-method";
import type { OperationOutcome } from "./operation-outcome";
import { bringsMoney, effectOf, resultOf } from "./outcome-effect";

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
    const judged: { returned: Returned | null } = { returned: null };
    const recorded = await recordOutcome(tx, at, operationUuid, outcome, async (known) => {
      if (bringsMoney(known)) judged.returned = await judgeMoney(tx, at, known.books, known.paymentUuid);
      return effectOf(at, known, judged.returned, resultOf(operationUuid, known));
    });
    const answer = resultOf(operationUuid, recorded);
    if (!recorded.moved) await answerRequest(tx, answer);
    else if (judged.returned) await giveBack(tx, at, answer, judged.returned);
    else if (bringsMoney(recorded)) await useMoney(tx, platform, at, recorded, outcome);
    await platform.reached("operation.recording");
    return answer;
  });
  if (sql === platform.db) await platform.reached("operation.recorded");
  return result;
}

/** What is rare after an order was opened. */
async function useMoney(
  tx: Tx,
  platform: Platform,
  at: Date,
  recorded: Recorded,
  { method }: ProviderOutcome,
): Promise<void> {
  await setAsideOthers(tx, recorded);
  if (recorded.late) await handOverOrder(tx, recorded.books.orderUuid);
  if (recorded.saves) await keepPaymentMethod(tx, platform, at, recorded.paymentUuid, method);
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
