import { Prisma } from "../../generated/prisma/client";
import type { ReservationState } from "../../generated/prisma/enums";

type Release = { from: ReservationState[]; to: Extract<ReservationState, "RELEASED" | "EXPIRED"> };

/**
 * SQL for a WITH list: sets an order's stock free, what is in one of the states `from`. Stock is locked by variant, as everywhere. Movements
 * are found by variant, so their ids need no order in time.
 */
export const releasedStock = (orderUuid: string, at: Date, { from, to }: Release) => Prisma.sql`
  released AS MATERIALIZED (
    UPDATE reservations SET state = ${to}::reservation_state
    WHERE order_id = ${orderUuid}::uuid AND state = ANY (${from}::reservation_state[])
    RETURNING variant_id, quantity
  ), stock AS MATERIALIZED (
    SELECT variant_id FROM stocks WHERE location = 'default' AND variant_id IN (SELECT variant_id FROM released)
    ORDER BY variant_id FOR NO KEY UPDATE
  ), freed AS (
    UPDATE stocks SET reserved = reserved - back.quantity
    FROM stock JOIN (SELECT variant_id, sum(quantity)::int AS quantity FROM released GROUP BY variant_id) back USING (variant_id)
    WHERE stocks.variant_id = stock.variant_id AND location = 'default'
  ), unreserved AS (
    INSERT INTO stock_movements (id, variant_id, kind, reserved_delta, order_id, created_at)
    SELECT gen_random_uuid(), variant_id, 'RELEASE', -quantity, ${orderUuid}::uuid, ${at}::timestamptz FROM released
  )`;
