import type { Platform } from "../../platform/context";
import { type CartErrorCode, refuseCart } from "./cart.refusals";
import { rememberKey } from "./cart-keys";
import { MOST_LINES } from "./cart-limits";
import type { CartRow } from "./cart-row";
import type { PricedCart } from "./priced-cart";
import { openCart } from "./read-cart";

/** Whose carts are open besides guests'. */
export type CartOwner = { readonly accountId: string } | null;

/**
 * What the SQL functions that change a cart answer with: the refusal that stopped them and the index in the input that it is about, or the
 * cart as it is then.
 */
export type Changed = { code?: CartErrorCode; position?: number; cart?: CartRow };

type Fields = Partial<Record<CartErrorCode, string>>;

/** The cart as it is after a change. @throws the refusal that it met; `fields` names the field of one that is about a line */
export function acceptedCart(
  platform: Pick<Platform, "vault">,
  changed: Changed,
  fields: Fields,
): PricedCart {
  refuseChange(changed, fields);
  if (!changed.cart) throw new Error("A cart that was changed is not there");
  const cart = openCart(platform, changed.cart);
  rememberKey(cart);
  return cart;
}

/** Throws the refusal that a change met. The one about a line names its field. */
export function refuseChange({ code, position }: Changed, fields: Fields = {}) {
  if (code === undefined) return;
  const field = fields[code];
  if (field && position !== undefined) throw refuseCart(code, "lines", String(position), field);
  if (field) throw refuseCart(code, field);
  throw refuseCart(code, code === "TOO_MANY_LINES" ? "lines" : "cartId");
}

/** Refuses a list longer than any cart, before work is done on it. */
export function refuseTooMany(lines: unknown[]) {
  if (lines.length > MOST_LINES) throw refuseCart("TOO_MANY_LINES", "lines");
}
