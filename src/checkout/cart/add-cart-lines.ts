import { Prisma } from "../../generated/prisma/client";
import type { Context } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { newId } from "../../platform/ids";
import {
  acceptedCart,
  type Changed,
  changedCart,
  lockedCart,
  saleOf,
  touchedCart,
  whyClosed,
} from "./cart-change";
import { MOST_LINES, MOST_PER_LINE, MOST_PER_LINE_AMOUNT } from "./cart-limits";
import type { PricedCart } from "./priced-cart";
import { openCart } from "./read-cart";
import { columnsOf, type WantedLine } from "./wanted-lines";

/**
 * Adds pieces to a cart, all of them or none: to the line that has the variant, else to a new one. Adds add up, however many run at
 * once. One statement.
 * @returns the cart as it is then
 * @throws CART_NOT_FOUND, CART_ALREADY_ORDERED, CHECKOUT_IN_PROGRESS; VARIANT_NOT_FOUND for what is not sold in the cart's currency;
 * QUANTITY_INVALID past 999 pieces; TOO_MANY_LINES past 100 lines
 */
export async function addCartLines(
  ctx: Pick<Context, "clock" | "config" | "vault" | "viewer">,
  sql: Sql,
  cartUuid: string,
  lines: WantedLine[],
): Promise<PricedCart> {
  const now = ctx.clock.now();
  const { variants, quantities, positions } = columnsOf(lines);
  const lineIds = lines.map(newId);
  const [changed] = await sql.$queryRaw<Changed[]>`
    WITH ${lockedCart(cartUuid)},
    wanted AS MATERIALIZED (
      SELECT w.*, sale.amount, coalesce(has.quantity, 0) + w.quantity AS sum, has.id IS NULL AS fresh
      FROM unnest(${variants}::uuid[], ${quantities}::int[], ${positions}::int[], ${lineIds}::uuid[])
        AS w (variant, quantity, position, line_id)
      CROSS JOIN cart
      LEFT JOIN has ON has.variant = w.variant
      LEFT JOIN LATERAL (${saleOf(Prisma.sql`w.variant`, Prisma.sql`cart.currency`)}) sale ON true),
    unsold AS (SELECT min(position) AS position FROM wanted WHERE amount IS NULL),
    excess AS (SELECT min(position) AS position FROM wanted
      WHERE sum > ${MOST_PER_LINE}::int OR amount * sum > ${MOST_PER_LINE_AMOUNT}::bigint),
    verdict AS MATERIALIZED (
      SELECT cart.id, coalesce(unsold.position, excess.position) AS position,
        coalesce(${whyClosed(ctx.viewer)},
          CASE WHEN unsold.position IS NOT NULL THEN 'VARIANT_NOT_FOUND'
            WHEN excess.position IS NOT NULL THEN 'QUANTITY_INVALID'
            WHEN jsonb_array_length(cart.lines) + (SELECT count(*) FROM wanted WHERE fresh) > ${MOST_LINES}::int
            THEN 'TOO_MANY_LINES' END) AS code
      FROM cart, unsold, excess),
    written AS (
      INSERT INTO cart_lines (id, cart_id, variant_id, quantity, seen_amount, created_at)
      SELECT wanted.line_id, verdict.id, wanted.variant, wanted.quantity, wanted.amount, ${now}::timestamptz
      FROM wanted, verdict WHERE verdict.code IS NULL ORDER BY wanted.position
      ON CONFLICT (cart_id, variant_id) DO UPDATE
        SET quantity = cart_lines.quantity + excluded.quantity, seen_amount = excluded.seen_amount
      RETURNING 1),
    ${touchedCart(now)}
    ${changedCart(ctx.config.shop.country, "written", "touched")}`;
  return openCart(
    ctx,
    acceptedCart(changed, { VARIANT_NOT_FOUND: "variantId", QUANTITY_INVALID: "quantity" }),
  );
}
