import { access, anyone, type Rules } from "../platform/rules";
import { holdsCart } from "./cart-access";

/** Rows come here only by the cart's id, so a guest's cart has shown its key; an account's asks for the account. */
const cartHolder = access(
  "cartHolder",
  "who knows a guest's cart id; the account it belongs to",
  (cart, _args, ctx) => (holdsCart(ctx, cart) ? true : "NOT_FOUND"),
);

export const checkoutRules: Rules = {
  Query: { cart: anyone, shop: anyone },
  Mutation: {
    createCart: anyone,
    addCartLines: anyone,
    updateCartLines: anyone,
    updateCart: anyone,
    checkout: anyone,
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
