import type { Context } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { readId } from "../../platform/ids";
import { refuseCart } from "./cart.refusals";
import { acceptedCart, type Changed, refuseTooMany } from "./cart-change";
import { MOST_PER_LINE, MOST_PER_LINE_AMOUNT } from "./cart-limits";
import type { PricedCart } from "./priced-cart";

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
  const wanted = readUpdates(lines);
  const [uuids, quantities, positions] = [
    wanted.map((line) => line.uuid),
    wanted.map((line) => line.quantity),
    wanted.map((line) => line.position),
  ];
  const [{ changed }] = await sql.$queryRaw<[{ changed: Changed }]>`
    SELECT update_cart_lines(${cartUuid}::uuid, ${ctx.viewer?.accountId ?? null}::uuid, ${uuids}::uuid[], ${quantities}::int[],
      ${positions}::int[], ${MOST_PER_LINE_AMOUNT}::bigint, ${ctx.clock.now()}::timestamptz, ${ctx.config.shop.country}::text) AS changed`;
  return acceptedCart(ctx, changed, { LINE_NOT_FOUND: "lineId", QUANTITY_INVALID: "quantity" });
}

/** Each line once, in the order of the positions that count: the first that cannot be is the one that is told. */
function readUpdates(lines: { lineId: string; quantity: number }[]) {
  refuseTooMany(lines);
  const wanted = lines.map(({ lineId, quantity }, position) => {
    const uuid = readId("line", lineId);
    if (!uuid) throw refuseCart("LINE_NOT_FOUND", "lines", String(position), "lineId");
    if (quantity < 0 || quantity > MOST_PER_LINE)
      throw refuseCart("QUANTITY_INVALID", "lines", String(position), "quantity");
    return { uuid, quantity, position };
  });
  const last = new Map(wanted.map((line) => [line.uuid, line]));
  return wanted.filter((line) => last.get(line.uuid) === line);
}
