import { Prisma } from "../../generated/prisma/client";
import type { Context } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { lockedCart, refuseVerdict, saleOf, type Verdict, whyClosed } from "./cart-change";

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
  const price = saleOf(Prisma.sql`cart_lines.variant_id`, Prisma.sql`${currency}::text`);
  const [verdict] = await sql.$queryRaw<Verdict[]>`
    WITH ${lockedCart(uuid)},
    verdict AS MATERIALIZED (SELECT cart.id, ${whyClosed(ctx.viewer)} AS code, NULL::int AS position FROM cart),
    repriced AS (
      UPDATE cart_lines SET seen_amount = coalesce((${price}), 0)
      FROM verdict WHERE cart_lines.cart_id = verdict.id AND verdict.code IS NULL),
    changed AS (
      UPDATE carts SET currency = ${currency}::text, version = carts.version + 1, updated_at = ${ctx.clock.now()}::timestamptz
      FROM verdict WHERE carts.id = verdict.id AND verdict.code IS NULL)
    SELECT code, position FROM verdict`;
  refuseVerdict(verdict, {});
}
