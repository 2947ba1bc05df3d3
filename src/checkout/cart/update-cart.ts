import type { Context } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { topLevelError } from "../../platform/errors";
import { refuseCart } from "./cart.refusals";
import { holdsCart } from "./cart-access";
import { refuseVerdict } from "./cart-change";
import { readCart } from "./read-cart";
import { type CartChangeInput, readCartChanges } from "./read-cart-changes";
import { writeCartChanges } from "./write-cart-changes";

/** A guest's cart gets its data key once, so a change meets another key at most once; one more for luck. */
const ATTEMPTS = 3;

/**
 * Changes who a cart is for and where it goes, all of it or nothing. A delivery that a new address does not have is unset.
 * @throws CART_NOT_FOUND, CART_ALREADY_ORDERED, CHECKOUT_IN_PROGRESS, EMAIL_INVALID, ADDRESS_INVALID, DELIVERY_NOT_AVAILABLE
 */
export async function updateCart(ctx: Context, sql: Sql, uuid: string, input: CartChangeInput) {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const cart = await readCart(ctx, sql, uuid);
    if (!cart || !holdsCart(ctx, cart)) throw refuseCart("CART_NOT_FOUND", "cartId");
    const changes = await readCartChanges(ctx, sql, input);
    const verdict = await writeCartChanges(ctx, sql, cart, changes);
    if (verdict?.code === "KEY_CHANGED") continue; // what was sealed is sealed with another key than the cart's
    if (verdict?.code === "DELIVERY_NOT_AVAILABLE") throw refuseCart(verdict.code, "deliveryHandle");
    return refuseVerdict(verdict && { code: verdict.code, position: null }, {});
  }
  throw topLevelError("SERVICE_UNAVAILABLE");
}
