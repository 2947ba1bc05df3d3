import type { Context } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { topLevelError } from "../../platform/errors";
import { bytesOf } from "../../platform/hex-bytes";
import type { DataKeyRow } from "../../platform/vault";
import { acceptedCart } from "./cart-change";
import { rememberedKey } from "./cart-keys";
import type { PricedCart } from "./priced-cart";
import { type CartChangeInput, readCartChanges } from "./read-cart-changes";
import { type ChangedPerson, writeCartChanges } from "./write-cart-changes";

/** A guest's cart gets its data key once, so a change meets another key at most once; one more for luck. */
const ATTEMPTS = 3;

/**
 * Changes who a cart is for and where it goes, all of it or nothing. A delivery that a new address does not have is unset. One statement;
 * two when there is personal data to seal and the cart has a key that isn't known here.
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
  let dataKey = rememberedKey(uuid);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { code, ...changed } = await writeCartChanges(ctx, sql, { uuid, dataKey }, changes);
    if (code !== "KEY_CHANGED")
      return acceptedCart(ctx, { ...changed, code }, { DELIVERY_NOT_AVAILABLE: "deliveryHandle" });
    dataKey = keyOf(changed); // what was sealed is sealed with another key than the cart's
  }
  throw topLevelError("SERVICE_UNAVAILABLE");
}

const keyOf = ({ key }: ChangedPerson): DataKeyRow | null =>
  key?.id ? { id: key.id, wrapped: bytesOf(key.wrapped) } : null;
