import { releasedStock } from "../checkout";
import { movedOrder } from "../orders";
import type { Tx } from "../platform/database";
import { enqueued } from "../platform/outbox";

/** Moves an order to CANCELLED, sets free what it holds, closes its cart for good and queues the mail, in one statement. */
export async function writeCancellation(tx: Tx, at: Date, orderId: string, reason: string | null) {
  const [cancelled] = await tx.$queryRaw<object[]>`
    WITH ${movedOrder(orderId, "cancel", at, { why: reason })},
    ${releasedStock(orderId, at, { from: ["HELD", "COMMITTED"], to: "RELEASED" })}, closed AS (
      UPDATE carts SET state = 'ORDERED', version = version + 1, updated_at = ${at}::timestamptz
      WHERE id = (SELECT cart_id FROM orders WHERE id = ${orderId}::uuid)
    )
    SELECT ${enqueued("sendMail", { template: "order-cancelled", orderId })} AS queued FROM moved_order`;
  if (!cancelled) throw new Error("An order moved though it was locked");
}
