import type { Context } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { topLevelError } from "../../platform/errors";
import type { DataKeyRow } from "../../platform/vault";
import { refuseCart } from "./cart.refusals";
import { acceptedCart } from "./cart-change";
import type { PricedCart } from "./priced-cart";
import { openCart } from "./read-cart";
import { type CartChangeInput, hasPersonalData, readCartChanges } from "./read-cart-changes";
import { writeCartChanges } from "./write-cart-changes";

/** A guest's cart gets its data key once, so a change meets another key at most once; one more for luck. */
const ATTEMPTS = 3;

/**
 * Changes who a cart is for and where it goes, all of it or nothing. A delivery that a new address does not have is unset. One statement,
 * and one before it when there is personal data to seal.
 * @returns the cart as it is then
 * @throws CART_NOT_FOUND, CART_ALREADY_ORDERED, CHECKOUT_IN_PROGRESS, EMAIL_INVALID, ADDRESS_INVALID, DELIVERY_NOT_AVAILABLE
 */
export async function updateCart(
  ctx: Context,
  sql: Sql,
  uuid: string,
  input: CartChangeInput,
): Promise<PricedCart> {
  const changes = await readCartChanges(ctx, sql, input);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const dataKey = hasPersonalData(changes) ? await findCartKey(sql, uuid) : null;
    const changed = await writeCartChanges(ctx, sql, { uuid, dataKey }, changes);
    if (changed?.code === "KEY_CHANGED") continue; // what was sealed is sealed with another key than the cart's
    if (changed?.code === "DELIVERY_NOT_AVAILABLE") throw refuseCart(changed.code, "deliveryHandle");
    return openCart(
      ctx,
      acceptedCart(changed && { code: changed.code, cart: changed.cart, position: null }, {}),
    );
  }
  throw topLevelError("SERVICE_UNAVAILABLE");
}

/** What a cart's personal data is sealed with; null while it has none, and for a cart that isn't there. */
async function findCartKey(sql: Sql, uuid: string): Promise<DataKeyRow | null> {
  const [key] = await sql.$queryRaw<DataKeyRow[]>`
    SELECT k.id::text, k.wrapped FROM carts c JOIN data_keys k ON k.id = c.data_key_id WHERE c.id = ${uuid}::uuid`;
  return key ?? null;
}
