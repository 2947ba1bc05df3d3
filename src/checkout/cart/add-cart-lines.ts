import type { Context } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { newId } from "../../platform/ids";
import { acceptedCart, type Changed } from "./cart-change";
import { MOST_LINES, MOST_PER_LINE, MOST_PER_LINE_AMOUNT } from "./cart-limits";
import type { PricedCart } from "./priced-cart";
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
  const { variants, quantities, positions } = columnsOf(lines);
  const [{ changed }] = await sql.$queryRaw<[{ changed: Changed }]>`
    SELECT add_cart_lines(${cartUuid}::uuid, ${ctx.viewer?.accountId ?? null}::uuid, ${variants}::uuid[], ${quantities}::int[],
      ${positions}::int[], ${lines.map(newId)}::uuid[], ${MOST_LINES}::int, ${MOST_PER_LINE}::int, ${MOST_PER_LINE_AMOUNT}::bigint,
      ${ctx.clock.now()}::timestamptz, ${ctx.config.shop.country}::text) AS changed`;
  return acceptedCart(ctx, changed, { VARIANT_NOT_FOUND: "variantId", QUANTITY_INVALID: "quantity" });
}
