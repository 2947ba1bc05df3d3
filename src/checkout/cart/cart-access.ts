import { actsFor, type Context } from "../../platform/context";
import type { PricedCart } from "./priced-cart";

/**
 * Whether a cart answers to this caller: a guest's to who knows its id, an account's to that account alone; merged and abandoned
 * ones to nobody.
 */
export const holdsCart = (ctx: Context, cart: Pick<PricedCart, "accountId" | "state">) =>
  (cart.state === "ACTIVE" || cart.state === "ORDERED") &&
  (cart.accountId === null || actsFor(ctx, cart.accountId));
