import { access, anyone, decidedInside, isSignedIn, type Rules } from "../platform/rules";
import { holdsCart } from "./cart/cart-access";

const CART_HOLDER = "who knows a guest's cart id; the account it belongs to";

/** Rows come here only by the cart's id, so a guest's cart has shown its key; an account's asks for the account. */
const cartHolder = access("cartHolder", CART_HOLDER, (cart, _args, ctx) =>
  holdsCart(ctx, cart) ? true : "NOT_FOUND",
);

/** Whose a cart is stands in its row: the resolver reads it once, and says NOT_FOUND to others as to whom there is none. */
const readsCart = decidedInside("readsCart", CART_HOLDER);

/** Who may change a cart is decided under the lock that changes it; others get CART_NOT_FOUND in the payload. */
const changesCart = decidedInside("changesCart", CART_HOLDER);

export const checkoutRules: Rules = {
  Query: { cart: readsCart, shop: anyone },
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
