import { Prisma } from "../generated/prisma/client";
import type { OrderStatus, PaymentStatus } from "../generated/prisma/enums";
import { newId } from "../platform/ids";

export type OrderStep = "retry" | "decline" | "open" | "expire" | "cancel" | "complete" | "giveBack";
type Table = Record<OrderStatus, Partial<Record<OrderStep, OrderStatus>>>;

/**
 * Read it aloud: a PENDING order opens once it is authorised or paid, stays PENDING when the payment was declined or the cart checks out
 * again, expires or is cancelled. Late money opens an EXPIRED one, or is given back, which moves no order. CANCELLED and COMPLETED are final.
 */
export const orderSteps: Table = {
  PENDING: {
    retry: "PENDING",
    decline: "PENDING",
    open: "OPEN",
    expire: "EXPIRED",
    cancel: "CANCELLED",
    giveBack: "PENDING",
  },
  OPEN: { complete: "COMPLETED", cancel: "CANCELLED", giveBack: "OPEN" },
  EXPIRED: { retry: "PENDING", open: "OPEN", giveBack: "EXPIRED" },
  COMPLETED: { giveBack: "COMPLETED" },
  CANCELLED: { giveBack: "CANCELLED" },
};

/** What an order's history says when it is placed and of each step, and what the feed calls it. */
export const orderHistory: Record<OrderStep | "place", { type: string; message: string }> = {
  place: { type: "order.placed", message: "Order placed; payment under way" },
  retry: { type: "order.placed", message: "Order placed again; payment under way" },
  decline: { type: "order.declined", message: "The payment was declined" },
  open: { type: "order.opened", message: "Order accepted" },
  expire: { type: "order.expired", message: "Order expired: it was not paid in time" },
  cancel: { type: "order.cancelled", message: "Order cancelled" },
  complete: { type: "order.completed", message: "Order completed" },
  giveBack: { type: "order.payment_returned", message: "A payment came too late and is given back" },
};

/**
 * The only writer of an order's status after it was placed: one step, safe against a concurrent mover, with its line in the history
 * and its event in the feed. SQL for a WITH list: `moved_order` has the order's row (id, status, cart_id), `order_history` its line, or none when it is
 * not where the step starts. `why` goes into the history, for buyer and staff; `paymentStatus` is projected with the step.
 */
export function movedOrder(
  orderUuid: string,
  step: OrderStep,
  at: Date,
  { why = null, paymentStatus = null }: { why?: string | null; paymentStatus?: PaymentStatus | null } = {},
): Prisma.Sql {
  const { type, message } = orderHistory[step];
  const told = why === null ? message : `${message}: ${why}`;
  const moves = Object.entries(orderSteps).flatMap(([from, to]) =>
    to[step] ? [Prisma.sql`WHEN ${from} THEN ${to[step]}`] : [],
  );
  return Prisma.sql`
    moved_order AS (
      UPDATE orders SET status = (CASE status::text ${Prisma.join(moves, " ")} END)::order_status, updated_at = ${at}::timestamptz,
        payment_status = coalesce(${paymentStatus}::payment_status, payment_status)
      WHERE id = ${orderUuid}::uuid AND CASE status::text ${Prisma.join(moves, " ")} END IS NOT NULL
      RETURNING id, status, cart_id
    ), order_history AS (
      INSERT INTO order_events (id, order_id, type, message, at)
      SELECT ${newId()}::uuid, id, ${type}, ${told}, ${at}::timestamptz FROM moved_order
      RETURNING id
    ), order_feed AS (
      INSERT INTO outbox_events (id, type, subject_type, subject_id, created_at)
      SELECT ${newId()}::uuid, ${type}, 'order', id, ${at}::timestamptz FROM moved_order
    )`;
}
