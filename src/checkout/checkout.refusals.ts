import { registerEnumType } from "type-graphql";
import { refusals } from "../platform/refusal";

/** Every expected "no" of a checkout. */
export const {
  codes: checkoutCodes,
  refuse: refuseCheckout,
  error: checkoutError,
} = refusals({
  CART_NOT_FOUND: "No such cart.",
  CART_EMPTY: "The cart is empty.",
  CART_ALREADY_ORDERED: "This cart was ordered already.",
  CHECKOUT_IN_PROGRESS: "A payment for this cart is under way.",
  EMAIL_MISSING: "An e-mail address is missing.",
  ADDRESS_MISSING: "The shipping address is missing.",
  DELIVERY_MISSING: "Choose how it is delivered.",
  OUT_OF_STOCK: "There is not enough in stock.",
  UNAVAILABLE: "Something in the cart is not sold any more.",
  TOTAL_CHANGED: "The total is not what the buyer saw.",
  PAYMENT_DECLINED: "The payment was declined.",
  PAYMENT_METHOD_INVALID: "The payment method cannot be used.",
  PAYMENT_UNAVAILABLE: "No payment is possible at the moment.",
  PROVIDER_UNKNOWN: "No such payment provider.",
  NOTHING_TO_RESUME: "This cart was never checked out.",
  RETURN_URL_INVALID: "Buyers may not be sent back to this address.",
});
export type CheckoutErrorCode = keyof typeof checkoutCodes;

registerEnumType(checkoutCodes, { name: "CheckoutErrorCode" });
