import { registerEnumType } from "type-graphql";
import { refusals } from "../platform/refusal";

/** Every expected "no" to a capture, void or refund. */
export const {
  codes: paymentCodes,
  refuse: refusePayment,
  error: paymentError,
} = refusals({
  ORDER_NOT_FOUND: "No such order.",
  PAYMENT_NOT_FOUND: "No such payment.",
  AMOUNT_INVALID: "The amount must be more than nothing.",
  CURRENCY_MISMATCH: "The payment was made in another currency.",
  NOTHING_TO_CAPTURE: "Nothing that was authorised is left to capture.",
  CAPTURE_EXCEEDS_AUTHORIZED: "Less than that is authorised and not captured yet.",
  REFUND_EXCEEDS_CAPTURED: "Less than that was captured and is not refunded yet.",
  NOTHING_TO_VOID: "Nothing that was authorised is left to void.",
  WRONG_STATE: "This cannot be done with the payment as it is now.",
  REASON_INVALID: "The reason is too long, or has characters that cannot be kept.",
  PROVIDER_REFUSED: "The payment provider refused.",
});

/** Every expected "no" to a change of an order. */
export const { codes: orderCodes, refuse: refuseOrder } = refusals({
  ORDER_NOT_FOUND: "No such order.",
  WRONG_STATE: "The order cannot be cancelled as it is now.",
  REASON_INVALID: "The reason is too long, or has characters that cannot be kept.",
});

registerEnumType(paymentCodes, { name: "PaymentErrorCode" });
registerEnumType(orderCodes, { name: "OrderErrorCode" });
