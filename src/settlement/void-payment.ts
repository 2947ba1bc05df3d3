import type { OperationOutcome } from "../checkout";
import type { Context } from "../platform/context";
import { type FollowUp, followUpPayment, type PaymentStanding } from "./follow-up-payment";
import { refusePayment } from "./settlement.refusals";
import type { VoidPaymentInput } from "./settlement.types";

/**
 * Releases all that is authorised and not captured; the order stays what it is, cancelOrder ends it. @returns what it came to, see followUpPayment
 * @throws NOTHING_TO_VOID; WRONG_STATE while the payment is being authorised, captured or voided
 */
export const voidPayment = (ctx: Context, input: VoidPaymentInput): Promise<OperationOutcome> =>
  followUpPayment(ctx, "voidPayment", input, planVoid);

function planVoid({ authorizing, taking, authorized }: PaymentStanding): FollowUp {
  if (authorizing || taking) throw refusePayment("WRONG_STATE", "paymentId");
  if (authorized <= 0n) throw refusePayment("NOTHING_TO_VOID", "paymentId");
  return { kind: "VOID", amount: authorized };
}
