import { registerEnumType } from "type-graphql";
import { refusals } from "../../platform/refusal";
import { MOST_LINES, MOST_PER_LINE } from "./cart-limits";

/** Every expected "no" of a cart's changes. */
export const { codes: cartCodes, refuse: refuseCart } = refusals({
  CART_NOT_FOUND: "No such cart.",
  CART_ALREADY_ORDERED: "This cart was ordered already.",
  CHECKOUT_IN_PROGRESS: "A payment for this cart is under way.",
  VARIANT_NOT_FOUND: "No such variant is sold in this currency.",
  LINE_NOT_FOUND: "No such line in this cart.",
  QUANTITY_INVALID: `A line holds 1 to ${MOST_PER_LINE} pieces of a payable amount.`,
  EMAIL_INVALID: "Not an e-mail address that mail can be sent to.",
  ADDRESS_INVALID: "This is not a complete address, or not one of the account's.",
  DELIVERY_NOT_AVAILABLE: "This delivery is not offered for the address.",
  CURRENCY_NOT_OFFERED: "The shop does not sell in this currency.",
  TOO_MANY_LINES: `A cart holds at most ${MOST_LINES} lines.`,
});
export type CartErrorCode = keyof typeof cartCodes;

registerEnumType(cartCodes, { name: "CartErrorCode" });
