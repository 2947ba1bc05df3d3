import { movedOrder } from "../orders";
import { type Books, leftOf, openBooks, openOperation, theOrder } from "../payments";
import type { Tx } from "../platform/database";
import { answered } from "./answer-request";
import type { OperationOutcome } from "./operation-outcome";

/**
 * Returns money that came too late to buy anything: opens the refund or void that the next sweep asks the provider for. When another
 * payment is the order's, this one is surplus: it doesn't count in the order's payment status. Its cart can be changed again.
 */
export async function giveBack(tx: Tx, at: Date, outcome: OperationOutcome, surplus: boolean): Promise<void> {
  const { orderId, paymentId } = outcome;
  const [noted] = await tx.$queryRaw<object[]>`
    WITH ${movedOrder(orderId, "giveBack", at)}, marked AS (
      UPDATE payments SET surplus = ${surplus} WHERE id = ${paymentId}::uuid
    ), reopened AS (
      UPDATE carts SET version = version + 1, updated_at = ${at}::timestamptz
      WHERE id = (SELECT cart_id FROM orders WHERE id = ${orderId}::uuid)
    ), ${answered(outcome)}
    SELECT status::text FROM moved_order`;
  const books = await openBooks(tx, theOrder(orderId)); // as they are with the money in
  if (!noted || !books) throw new Error("A payment without an order");
  await openOperation(tx, at, books, { ...rest(books, paymentId), paymentUuid: paymentId, leaseUntil: at });
}

function rest(books: Books, paymentUuid: string) {
  const { captured, authorized } = leftOf(books, paymentUuid);
  return captured > 0n
    ? { kind: "REFUND" as const, amount: captured, reason: "late" }
    : { kind: "VOID" as const, amount: authorized, reason: "late" };
}
