import type { Context } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { type Changed, refuseChange } from "./cart-change";

/**
 * Gives a cart another currency and its lines their prices in it; what has none there stays, as UNAVAILABLE. One statement.
 * @throws CART_NOT_FOUND, CART_ALREADY_ORDERED, CHECKOUT_IN_PROGRESS
 */
export async function switchCurrency(
  ctx: Pick<Context, "clock" | "viewer">,
  sql: Sql,
  uuid: string,
  currency: string,
) {
  const [{ changed }] = await sql.$queryRaw<[{ changed: Changed }]>`
    SELECT switch_cart_currency(${uuid}::uuid, ${ctx.viewer?.accountId ?? null}::uuid, ${currency}::text,
      ${ctx.clock.now()}::timestamptz) AS changed`;
  refuseChange(changed);
}
