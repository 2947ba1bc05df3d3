import type { Context } from "../platform/context";
import type { PricedCart } from "./cart/priced-cart";
import type { CheckoutInput } from "./checkout.types";
import { checkTotal } from "./place/checkout-checks";
import { readPayment } from "./place/checkout-payment";
import { callOffOperation } from "./settle/settle-operation";

/**
 * Makes room for another attempt to pay a cart: the one that waits for its buyer is called off at its provider, once the new one is known to
 * be well asked for. The buyer may have got there first: then the cart is ordered.
 * @returns whether there was one, and it is over
 * @throws TOTAL_CHANGED, and what readPayment throws; nothing was called off then
 */
export async function callOffAttempt(ctx: Context, cart: PricedCart, input: CheckoutInput): Promise<boolean> {
  const orderId = cart.orderUuid;
  if (!cart.frozen || orderId === null) return false;
  const waiting = { orderId, kind: "AUTHORIZE", status: "ACTION_REQUIRED" } as const;
  const attempt = await ctx.db.paymentOperation.findFirst({ where: waiting, select: { id: true } });
  if (!attempt) return false;
  checkTotal(cart, input.expectedTotal);
  await readPayment(ctx, input.payment, cart.accountId);
  await callOffOperation(ctx, attempt.id);
  return (await ctx.db.paymentOperation.count({ where: { id: attempt.id, ...waiting } })) === 0;
}
