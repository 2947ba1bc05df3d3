import type { PaymentProvider } from "../payments";
import type { Context } from "../platform/context";
import { afterLostRace, lostRace } from "../platform/database";
import { hashInput, requireKey } from "../platform/idempotency";
import { readId } from "../platform/ids";
import { Refusal } from "../platform/refusal";
import { type AuthorizationAsk, type Authorized, authorizeOrder } from "./authorize-order";
import { callOffAttempt } from "./call-off-attempt";
import { holdsCart } from "./cart/cart-access";
import type { PricedCart } from "./cart/priced-cart";
import { readCart } from "./cart/read-cart";
import { refuseCheckout } from "./checkout.refusals";
import type { CheckoutInput } from "./checkout.types";
import { checkCart, outOfStock } from "./place/checkout-checks";
import { readPayment } from "./place/checkout-payment";
import { type Attempt, placeOrder } from "./place/place-order";
import type { KeyedRequest } from "./place/placing";
import { replayRequest } from "./replay-request";
import { askForAction } from "./settle/settle-operation";

/** A cart that moves more often between reading and ordering has somebody else checking out. */
const ROUNDS = 5;

/**
 * Orders and pays a cart, once for an Idempotency-Key: writes the PENDING order with its stock reserved, asks the provider outside
 * of any transaction, then advances the order by the answer. A decline is an outcome, not an error: the order stays PENDING and
 * the cart can be checked out again. What the provider left unanswered is settled later; the order is PROCESSING until then. An earlier
 * attempt that still waits for its buyer is called off first.
 * @returns ids of what there is now; the same ids when asked again with the key
 * @throws IDEMPOTENCY_KEY_MISSING, _REUSED, _IN_USE, or any CheckoutErrorCode but PAYMENT_DECLINED; nothing was written then
 */
export async function checkout(ctx: Context, input: CheckoutInput): Promise<Authorized> {
  const key = requireKey(ctx);
  const inputHash = hashInput(ctx, input);
  const uuid = readId("cart", input.cartId);
  if (uuid === null) throw refuseCheckout("CART_NOT_FOUND", "cartId");
  for (let round = 1; round <= ROUNDS; round++) {
    const cart = await readCart(ctx, ctx.db, uuid);
    if (!cart || !holdsCart(ctx, cart)) throw refuseCheckout("CART_NOT_FOUND", "cartId");
    const request = { actor: cart.accountId ?? cart.uuid, key, inputHash };
    const tried = await tryToPlace(ctx, cart, input, request);
    if (tried.result === "PLACED") return authorizeOrder(ctx, tried.provider, tried.attempt, tried.ask);
    if (tried.result === "LOST") await afterLostRace(round);
    if (tried.result === "LOST" || tried.result === "MOVED") continue;
    const known = await replayRequest(ctx, "checkout", request); // what stands in the way may be this request's own first try
    if (known) return { outcome: known, nextAction: await askForAction(ctx, known.operationId) };
    if (
      tried.result === "REFUSED" &&
      !(await callOffAttempt(ctx, cart, input)) &&
      (await isAsRead(ctx, cart))
    )
      throw tried.refusal;
  }
  throw refuseCheckout("CHECKOUT_IN_PROGRESS", "cartId");
}

/** A cart is read in steps: what somebody else was changing meanwhile is no reason for a refusal. Whoever orders or changes it raises its version. */
async function isAsRead({ db }: Context, { uuid, version }: PricedCart): Promise<boolean> {
  const now = await db.cart.findUnique({ where: { id: uuid }, select: { version: true } });
  return now?.version === version;
}

type Tried =
  | { result: "PLACED"; provider: PaymentProvider; attempt: Attempt; ask: AuthorizationAsk }
  | { result: "MOVED" | "LOST" | "KEY_TAKEN" }
  | { result: "REFUSED"; refusal: Refusal };

/** Checks the cart as it was read and places its order if it still is that way. */
async function tryToPlace(
  ctx: Context,
  cart: PricedCart,
  input: CheckoutInput,
  request: KeyedRequest,
): Promise<Tried> {
  try {
    checkCart(cart, input.expectedTotal);
    const { provider, ...wish } = await readPayment(ctx, input.payment, cart.accountId);
    const how = { ...wish, capture: ctx.config.payments.capture === "automatic" };
    await ctx.reached("checkout.asked for");
    const placed = await placeOrder(ctx, cart, { ...how, provider: provider.handle }, request);
    if (placed.result === "SHORT") throw outOfStock(placed.lines);
    if (placed.result !== "PLACED") return placed;
    await ctx.reached("checkout.placed");
    return { ...placed, provider, ask: { ...how, amount: cart.totals.total, currency: cart.currency } };
  } catch (error) {
    if (error instanceof Refusal) return { result: "REFUSED", refusal: error };
    if (!lostRace(error)) throw error;
    return { result: "LOST" };
  }
}
