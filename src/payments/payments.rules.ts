import { actsFor, type Context, isStaff } from "../platform/context";
import { access, anyone, isStaffMember, type Rules } from "../platform/rules";
import type { PaymentOwner } from "./payment.rows";
import type { PaymentMethodRow } from "./payment-method.rows";

/** A payment is its order's: seen by who may see that. An order without an account is nobody's, not everybody's. */
export const mayReadPayment = (ctx: Context, { orderUuid, accountUuid }: PaymentOwner): boolean =>
  actsFor(ctx, accountUuid) || isStaff(ctx) || ctx.admitted.has(orderUuid);

/** A saved method is for its owner's eyes alone. */
export const mayReadMethod = (
  ctx: Context,
  { accountUuid }: Pick<PaymentMethodRow, "accountUuid">,
): boolean => actsFor(ctx, accountUuid);

const ownsPayment = access(
  "ownsPayment",
  "its order's owner, staff, who holds the order's key",
  (payment: PaymentOwner, _args, ctx) => (mayReadPayment(ctx, payment) ? true : "NOT_FOUND"),
);

const ownsPaymentMethod = access("ownsPaymentMethod", "its owner", (method: PaymentMethodRow, _args, ctx) =>
  mayReadMethod(ctx, method) ? true : "NOT_FOUND",
);

export const paymentsRules: Rules = {
  Query: { ledgerTransactions: isStaffMember, trialBalance: isStaffMember },
  Payment: ownsPayment,
  PaymentOperation: ownsPayment,
  PaymentMethod: ownsPaymentMethod,
  PaymentMethodSummary: anyone,
  LedgerTransaction: isStaffMember,
  LedgerEntry: isStaffMember,
  LedgerTransactionConnection: isStaffMember,
  LedgerTransactionEdge: isStaffMember,
  TrialBalance: isStaffMember,
  TrialBalanceAccount: isStaffMember,
};
