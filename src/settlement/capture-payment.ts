import type { OperationOutcome } from "../checkout";
import type { Context } from "../platform/context";
import { type FollowUp, followUpPayment, type PaymentStanding } from "./follow-up-payment";
import { readAmount } from "./read-amount";
import { refusePayment } from "./settlement.refusals";
import type { CapturePaymentInput } from "./settlement.types";

/**
 * Takes money that was authorised: a part of it, or all that is left. One capture at a time: the next one starts from what this one leaves.
 * @returns what it came to, see followUpPayment
 * @throws AMOUNT_INVALID, CURRENCY_MISMATCH, NOTHING_TO_CAPTURE, CAPTURE_EXCEEDS_AUTHORIZED; WRONG_STATE while it is being authorised, captured
 * or voided, and when the order is not one to be paid for (any more) by this payment
 */
export const capturePayment = (ctx: Context, input: CapturePaymentInput): Promise<OperationOutcome> =>
  followUpPayment(ctx, "capturePayment", input, (payment) => planCapture(payment, input));

function planCapture(payment: PaymentStanding, { amount }: CapturePaymentInput): FollowUp {
  const { orderStatus, authorized } = payment;
  const asked = readAmount(amount, payment.currency);
  if (orderStatus === "CANCELLED" || payment.authorizing || payment.taking)
    throw refusePayment("WRONG_STATE", "paymentId");
  if (authorized <= 0n) throw refusePayment("NOTHING_TO_CAPTURE", "paymentId");
  // Money that came for an order which was not to be had any more waits here only to be given back.
  const accepted = orderStatus === "OPEN" || orderStatus === "COMPLETED";
  if (!accepted || payment.surplus) throw refusePayment("WRONG_STATE", "paymentId");
  if (asked !== null && asked > authorized) throw refusePayment("CAPTURE_EXCEEDS_AUTHORIZED", "amount");
  return { kind: "CAPTURE", amount: asked ?? authorized };
}
