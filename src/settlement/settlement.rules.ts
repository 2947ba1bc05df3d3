import { isStaffMember, type Rules } from "../platform/rules";

export const settlementRules: Rules = {
  Query: { paymentsNeedingAttention: isStaffMember },
  PaymentAttention: isStaffMember,
  PaymentAttentionConnection: isStaffMember,
  PaymentAttentionEdge: isStaffMember,
};
