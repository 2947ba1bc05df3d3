import { Prisma } from "../generated/prisma/client";
import { movedOrder } from "../orders";
import type { Tx } from "../platform/database";
import { answered } from "./answer-request";
import type { CheckoutOutcome } from "./checkout-outcome";

/**
 * Gives back what was held for an order whose payment was declined, opens its cart again and answers the request, in one statement.
 * The order stays PENDING. Stock is locked by variant, as everywhere.
 */
export async function releaseOrder(
  tx: Tx,
  at: Date,
  operationUuid: string,
  outcome: CheckoutOutcome,
): Promise<void> {
  const [declined] = await tx.$queryRaw<object[]>`
    WITH ${movedOrder(outcome.orderId, "decline", at)}, ${released(outcome.orderId, at)}, reopened AS (
      UPDATE carts SET version = version + 1, updated_at = ${at}::timestamptz
      WHERE id = (SELECT cart_id FROM orders WHERE id = ${outcome.orderId}::uuid)
    ), ${answered(operationUuid, outcome)}
    SELECT status::text FROM moved_order`;
  if (!declined) throw new Error("An order that is being paid for cannot be declined");
}

/** SQL for a WITH list: sets an order's HELD stock free. Movements are found by variant, so their ids need no order in time. */
const released = (orderUuid: string, at: Date) => Prisma.sql`
  released AS MATERIALIZED (
    UPDATE reservations SET state = 'RELEASED' WHERE order_id = ${orderUuid}::uuid AND state = 'HELD'
    RETURNING variant_id, quantity
  ), stock AS MATERIALIZED (
    SELECT variant_id FROM stocks WHERE location = 'default' AND variant_id IN (SELECT variant_id FROM released)
    ORDER BY variant_id FOR NO KEY UPDATE
  ), freed AS (
    UPDATE stocks SET reserved = reserved - back.quantity
    FROM stock JOIN (SELECT variant_id, sum(quantity)::int AS quantity FROM released GROUP BY variant_id) back USING (variant_id)
    WHERE stocks.variant_id = stock.variant_id AND location = 'default'
  ), moved AS (
    INSERT INTO stock_movements (id, variant_id, kind, reserved_delta, order_id, created_at)
    SELECT gen_random_uuid(), variant_id, 'RELEASE', -quantity, ${orderUuid}::uuid, ${at}::timestamptz FROM released
  )`;
