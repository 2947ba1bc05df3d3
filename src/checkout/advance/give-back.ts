import { movedOrder } from "../../orders";
import { type Books, leftOf, openBooks, openOperation, setAside, theOrder } from "../../payments";
import type { Tx } from "../../platform/database";
import type { Returned } from "./judge-money";
import type { OperationOutcome } from "./operation-outcome";

/**
 * Returns money that buys nothing: opens the refund or void that the next sweep asks the provider for; its cart
 * can be changed again.
 */
export async function giveBack(
  tx: Tx,
  at: Date,
  outcome: OperationOutcome,
  { reason, surplus }: Returned,
): Promise<void> {
  const { orderId, paymentId } = outcome;
  const [noted] = await tx.$queryRaw<object[]>`
    WITH ${movedOrder(orderId, "giveBack", at)}, reopened AS (
      UPDATE carts SET version = version + 1, updated_at = ${at}::timestamptz
      WHERE id = (SELECT cart_id FROM orders WHERE id = ${orderId}::uuid)
    )
    SELECT status::text FROM moved_order`;
  const read = await openBooks(tx, theOrder(orderId)); // as they are with the money in
  if (!noted || !read) throw new Error("A payment without an order");
  const left = rest(read, paymentId);
  // Nothing has no way back: it is set aside, so that it pays for nothing either.
  const books = await setAside(tx, read, surplus || left.amount === 0n ? [paymentId] : []);
  if (left.amount === 0n) return;
  await openOperation(tx, at, books, { ...left, reason, paymentUuid: paymentId, leaseUntil: at });
}

function rest(books: Books, paymentUuid: string) {
  const { captured, authorized } = leftOf(books, paymentUuid);
  return captured > 0n
    ? { kind: "REFUND" as const, amount: captured }
    : { kind: "VOID" as const, amount: authorized };
}
