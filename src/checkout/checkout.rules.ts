import { readId } from "../platform/ids";
import { access, anyone, decidedInside, isSignedIn, type Rules } from "../platform/rules";
import { holdsCart } from "./cart/cart-access";

const CART_HOLDER = "who knows a guest's cart id; the account it belongs to";

/** Rows come here only by the cart's id, so a guest's cart has shown its key; an account's asks for the account. */
const cartHolder = access("cartHolder", CART_HOLDER, (cart, _args, ctx) =>
  holdsCart(ctx, cart) ? true : "NOT_FOUND",
);

/** Decided before anything of the cart is read. A malformed id goes on: the resolver says what is wrong with it. */
const mayAskForCart = access("mayAskForCart", CART_HOLDER, async (_parent, { id }: { id: string }, ctx) => {
  const uuid = readId("cart", id);
  if (uuid === null) return true;
  const cart = await ctx.db.cart.findUnique({
    where: { id: uuid },
    select: { accountId: true, state: true },
  });
  return cart && holdsCart(ctx, cart) ? true : "NOT_FOUND";
});

/** Who may change a cart is decided under the lock that changes it; others get CART_NOT_FOUND in the payload. */
const changesCart = decidedInside("changesCart", CART_HOLDER);

export const checkoutRules: Rules = {
  Query: { cart: mayAskForCart, shop: anyone },
  Mutation: {
    createCart: anyone,
    addCartLines: changesCart,
    updateCartLines: changesCart,
    updateCart: changesCart,
    checkout: changesCart,
    resumeCheckout: changesCart,
    deletePaymentMethod: isSignedIn,
  },
  Cart: cartHolder,
  CartLine: anyone,
  CartWarning: anyone,
  CartPayload: anyone,
  CartError: anyone,
  Shop: anyone,
  PaymentProvider: anyone,
  CheckoutPayload: anyone,
  CheckoutError: anyone,
  NextAction: anyone,
};
