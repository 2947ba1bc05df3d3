import type { Tx } from "../../platform/database";
import { MOST_LINES, MOST_PER_LINE } from "./cart-limits";

type CartRef = { uuid: string; currency: string };

/**
 * Moves the lines of one locked cart into another, which keeps its currency: quantities of the same variant add up, limited to 999;
 * past 100 lines the rest stays where it was. The emptied cart is MERGED, never deleted. Two statements.
 */
export async function mergeLines(tx: Tx, { from, into, now }: { from: CartRef; into: CartRef; now: Date }) {
  await tx.$queryRaw`
    WITH arriving AS MATERIALIZED (
      SELECT guest.id, guest.variant_id, guest.quantity, 
        CASE WHEN ${from.currency === into.currency}::boolean THEN guest.seen_amount ELSE coalesce(price.amount, 0) END AS amount, own.id AS own_id,
        count(*) FILTER (WHERE own.id IS NULL) OVER (ORDER BY guest.created_at, guest.id) AS rank
      FROM cart_lines guest
      LEFT JOIN cart_lines own ON own.cart_id = ${into.uuid}::uuid AND own.variant_id = guest.variant_id
      LEFT JOIN prices price ON price.variant_id = guest.variant_id AND price.currency = ${into.currency}::text AND price.channel = 'default'
      WHERE guest.cart_id = ${from.uuid}::uuid),
    summed AS (
      UPDATE cart_lines SET quantity = least(cart_lines.quantity + arriving.quantity, ${MOST_PER_LINE}::int)
      FROM arriving WHERE cart_lines.id = arriving.own_id),
    moved AS (
      UPDATE cart_lines SET cart_id = ${into.uuid}::uuid, seen_amount = arriving.amount
      FROM arriving
      WHERE cart_lines.id = arriving.id AND own_id IS NULL
        AND rank <= ${MOST_LINES}::int - (SELECT count(*) FROM cart_lines WHERE cart_id = ${into.uuid}::uuid))
    SELECT 1 AS "done"`;
  await tx.$executeRaw`
    UPDATE carts SET version = version + 1, updated_at = ${now}::timestamptz,
      state = CASE WHEN id = ${from.uuid}::uuid THEN 'MERGED'::cart_state ELSE state END
    WHERE id IN (${from.uuid}::uuid, ${into.uuid}::uuid)`;
}
