import { Refusal } from "../../platform/refusal";
import type { PricedCart, PricedLine } from "../cart/priced-cart";
import { checkoutCodes, refuseCheckout } from "../checkout.refusals";
import type { CheckoutInput } from "../checkout.types";

/**
 * What stands against ordering the cart as the buyer saw it, in a fixed order: what became of the cart, what it lacks, its total.
 * Nothing has been written when one of these is thrown.
 * @throws CART_ALREADY_ORDERED, CHECKOUT_IN_PROGRESS, the first of the cart's blockers, TOTAL_CHANGED
 */
export function checkCart(cart: PricedCart, expected: CheckoutInput["expectedTotal"]): void {
  if (cart.state !== "ACTIVE") throw refuseCheckout("CART_ALREADY_ORDERED", "cartId");
  if (cart.frozen) throw refuseCheckout("CHECKOUT_IN_PROGRESS", "cartId");
  const [blocker] = cart.blockers;
  if (blocker === "OUT_OF_STOCK") throw outOfStock(cart.lines.filter(isShort));
  if (blocker) throw refuseCheckout(blocker, "cartId");
  checkTotal(cart, expected);
}

/** Whether the cart costs what the buyer saw. @throws TOTAL_CHANGED */
export function checkTotal({ totals, currency }: PricedCart, expected: CheckoutInput["expectedTotal"]): void {
  if (expected.amount !== totals.total || expected.currency !== currency)
    throw refuseCheckout("TOTAL_CHANGED", "expectedTotal");
}

/** OUT_OF_STOCK, its message naming the lines there is too little of. */
export function outOfStock(lines: PricedLine[]): Refusal {
  const titles = lines.map((line) => line.title).join(", ");
  return new Refusal(checkoutCodes.OUT_OF_STOCK, `There is not enough in stock of ${titles}.`, ["cartId"]);
}

const isShort = ({ sellable, quantity }: PricedLine) => sellable !== null && sellable < quantity;
