import type { OperationOutcome } from "../checkout";
import type { Context } from "../platform/context";
import { type FollowUp, followUpPayment, type PaymentStanding } from "./follow-up-payment";
import { readAmount } from "./read-amount";
import { readReason } from "./read-reason";
import { refusePayment } from "./settlement.refusals";
import type { RefundPaymentInput } from "./settlement.types";

/**
 * Gives captured money back: a part of it, or all that is left. Several may be under way at once, of no more than was captured; whatever
 * the order's state. With `restock` what the order holds goes back into stock once the refund has succeeded.
 * @returns what it came to, see followUpPayment
 * @throws AMOUNT_INVALID, CURRENCY_MISMATCH, REASON_INVALID, REFUND_EXCEEDS_CAPTURED (also when nothing is left)
 */
export const refundPayment = (ctx: Context, input: RefundPaymentInput): Promise<OperationOutcome> =>
  followUpPayment(ctx, "refundPayment", input, (payment) => planRefund(payment, input));

function planRefund({ currency, captured }: PaymentStanding, input: RefundPaymentInput): FollowUp {
  const asked = readAmount(input.amount, currency);
  const note = readReason(input.reason);
  if (note === undefined) throw refusePayment("REASON_INVALID", "reason");
  if (captured <= 0n || (asked !== null && asked > captured))
    throw refusePayment("REFUND_EXCEEDS_CAPTURED", asked === null ? "paymentId" : "amount");
  return { kind: "REFUND", amount: asked ?? captured, restock: input.restock ?? false, note };
}
