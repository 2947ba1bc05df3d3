import type { Tx } from "../../platform/database";

/**
 * Takes an order's goods for it, all or none: what was held for it has been let go because its time was over before the money came.
 * @returns whether enough was left
 */
export async function secureStock(tx: Tx, at: Date, orderUuid: string): Promise<boolean> {
  const [{ taken }] = await tx.$queryRaw<[{ taken: boolean }]>`
    WITH wanted AS MATERIALIZED (
      SELECT variant_id, sum(quantity)::int AS quantity FROM order_lines WHERE order_id = ${orderUuid}::uuid GROUP BY variant_id
    ), stock AS MATERIALIZED (
      SELECT variant_id, NOT tracked OR oversell AS endless, on_hand - reserved AS sellable FROM stocks
      WHERE variant_id IN (SELECT variant_id FROM wanted) AND location = 'default' ORDER BY variant_id FOR NO KEY UPDATE
    ), enough AS MATERIALIZED (
      SELECT WHERE NOT EXISTS (
        SELECT FROM wanted LEFT JOIN stock USING (variant_id) WHERE (endless OR sellable >= quantity) IS NOT TRUE)
    ), taken AS (
      UPDATE stocks SET reserved = reserved + wanted.quantity FROM wanted, enough
      WHERE stocks.variant_id = wanted.variant_id AND location = 'default'
    ), held AS (
      INSERT INTO reservations (id, order_id, variant_id, quantity, state, expires_at, created_at)
      SELECT gen_random_uuid(), ${orderUuid}::uuid, variant_id, quantity, 'HELD', ${at}::timestamptz, ${at}::timestamptz
      FROM wanted, enough
    ), moved AS (
      INSERT INTO stock_movements (id, variant_id, kind, reserved_delta, order_id, created_at)
      SELECT gen_random_uuid(), variant_id, 'RESERVE', quantity, ${orderUuid}::uuid, ${at}::timestamptz FROM wanted, enough
    )
    SELECT EXISTS (SELECT FROM enough) AS taken`;
  return taken;
}
