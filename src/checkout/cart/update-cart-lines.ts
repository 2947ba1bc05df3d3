import { Prisma } from "../../generated/prisma/client";
import type { Context } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { readId } from "../../platform/ids";
import { refuseCart } from "./cart.refusals";
import {
  acceptedCart,
  type Changed,
  changedCart,
  lockedCart,
  refuseTooMany,
  saleOf,
  touchedCart,
  whyClosed,
} from "./cart-change";
import { MOST_PER_LINE, MOST_PER_LINE_AMOUNT } from "./cart-limits";
import type { PricedCart } from "./priced-cart";
import { openCart } from "./read-cart";

/**
 * Sets the quantities of lines, all of them or none; 0 removes the line. A line named twice gets the later quantity. One statement.
 * @returns the cart as it is then
 * @throws CART_NOT_FOUND, CART_ALREADY_ORDERED, CHECKOUT_IN_PROGRESS, LINE_NOT_FOUND; QUANTITY_INVALID outside 0…999
 */
export async function updateCartLines(
  ctx: Pick<Context, "clock" | "config" | "vault" | "viewer">,
  sql: Sql,
  cartUuid: string,
  lines: { lineId: string; quantity: number }[],
): Promise<PricedCart> {
  const now = ctx.clock.now();
  const wanted = readUpdates(lines);
  const [uuids, quantities, positions] = [
    wanted.map((line) => line.uuid),
    wanted.map((line) => line.quantity),
    wanted.map((line) => line.position),
  ];
  const [changed] = await sql.$queryRaw<Changed[]>`
    WITH ${lockedCart(cartUuid)},
    wanted AS MATERIALIZED (
      SELECT w.*, has.id IS NULL AS missing, sale.amount
      FROM unnest(${uuids}::uuid[], ${quantities}::int[], ${positions}::int[]) AS w (id, quantity, position)
      CROSS JOIN cart
      LEFT JOIN has ON has.id = w.id
      LEFT JOIN LATERAL (${saleOf(Prisma.sql`has.variant`, Prisma.sql`cart.currency`)}) sale ON true),
    unknown AS (SELECT min(position) AS position FROM wanted WHERE missing),
    excess AS (SELECT min(position) AS position FROM wanted WHERE amount * quantity > ${MOST_PER_LINE_AMOUNT}::bigint),
    verdict AS MATERIALIZED (
      SELECT cart.id, coalesce(unknown.position, excess.position) AS position,
        coalesce(${whyClosed(ctx.viewer)},
          CASE WHEN unknown.position IS NOT NULL THEN 'LINE_NOT_FOUND'
            WHEN excess.position IS NOT NULL THEN 'QUANTITY_INVALID' END) AS code
      FROM cart, unknown, excess),
    removed AS (
      DELETE FROM cart_lines USING wanted, verdict
      WHERE cart_lines.id = wanted.id AND wanted.quantity = 0 AND verdict.code IS NULL RETURNING 1),
    written AS (
      UPDATE cart_lines SET quantity = wanted.quantity, seen_amount = coalesce(wanted.amount, cart_lines.seen_amount)
      FROM wanted, verdict
      WHERE cart_lines.id = wanted.id AND wanted.quantity > 0 AND verdict.code IS NULL RETURNING 1),
    ${touchedCart(now)}
    ${changedCart(ctx.config.shop.country, "removed", "written", "touched")}`;
  return openCart(ctx, acceptedCart(changed, { LINE_NOT_FOUND: "lineId", QUANTITY_INVALID: "quantity" }));
}

function readUpdates(lines: { lineId: string; quantity: number }[]) {
  refuseTooMany(lines);
  const wanted = lines.map(({ lineId, quantity }, position) => {
    const uuid = readId("line", lineId);
    if (!uuid) throw refuseCart("LINE_NOT_FOUND", "lines", String(position), "lineId");
    if (quantity < 0 || quantity > MOST_PER_LINE)
      throw refuseCart("QUANTITY_INVALID", "lines", String(position), "quantity");
    return { uuid, quantity, position };
  });
  return [...new Map(wanted.map((line) => [line.uuid, line])).values()];
}
