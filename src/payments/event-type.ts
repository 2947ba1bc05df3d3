import type { PaymentOperationKind, PaymentOperationStatus } from "../generated/prisma/enums";

const DONE: Record<PaymentOperationKind, string> = {
  AUTHORIZE: "payment.authorized",
  CAPTURE: "payment.captured",
  VOID: "payment.voided",
  REFUND: "payment.refunded",
};

/** What the feed calls an operation's step. */
export const eventType = (kind: PaymentOperationKind, to: PaymentOperationStatus) =>
  to === "SUCCEEDED" ? DONE[kind] : `payment.${kind}_${to}`.toLowerCase();
