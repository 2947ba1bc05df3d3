import { access, anyone, isStaffMember, type Rules } from "../platform/rules";

/** Whose order it is, is decided where it is cancelled; others get ORDER_NOT_FOUND in the payload. */
const cancelsOrder = access("cancelsOrder", "the order's owner, staff", (_parent, _args, ctx) =>
  ctx.viewer ? true : "UNAUTHENTICATED",
);

export const settlementRules: Rules = {
  Mutation: {
    capturePayment: isStaffMember,
    voidPayment: isStaffMember,
    refundPayment: isStaffMember,
    cancelOrder: cancelsOrder,
    resolveProviderEvent: isStaffMember,
  },
  PaymentPayload: anyone,
  PaymentError: anyone,
  OrderPayload: anyone,
  OrderError: anyone,
  ProviderEvent: isStaffMember,
  ProviderEventPayload: anyone,
  ProviderEventError: anyone,
  Query: { paymentsNeedingAttention: isStaffMember },
  PaymentAttention: isStaffMember,
  PaymentAttentionConnection: isStaffMember,
  PaymentAttentionEdge: isStaffMember,
};
