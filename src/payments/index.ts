import { type Context, isStaff } from "../platform/context";
import type { Feature, NodeLoader } from "../platform/feature";
import { LedgerResolver } from "./ledger.resolver";
import { loadTransaction } from "./ledger-transaction.rows";
import { loadOperation, loadPayment } from "./payment.rows";
import { loadPaymentMethod } from "./payment-method.rows";
import { PaymentOperationResolver } from "./payment-operation.resolver";
import { mayReadMethod, mayReadPayment, paymentsRules } from "./payments.rules";

export { type Asked, askProvider, withinLimit } from "./ask-provider";
export { type Books, booksOf, leftOf, openBooks } from "./books";
export { createProviders } from "./create-providers";
export { type DeletedMethod, deletePaymentMethod, forgetPaymentMethod } from "./delete-payment-method";
export { ensureCustomer } from "./ensure-customer";
export { findProvider } from "./find-provider";
export { HOLD_MS, LEASE_MS } from "./leases";
export { lockOrder, orderOfOperation, orderOfPayment, theOrder } from "./lock-order";
export { type NewOperation, openOperation } from "./open-operation";
export { isOpen } from "./payment.machine";
export { loadOperation, loadPayment, paymentsOf, type StoredPayment, toPayment } from "./payment.rows";
export { listPaymentMethods, loadOwnMethod } from "./payment-method.rows";
export { mayReadMethod } from "./payments.rules";
export { Payment, PaymentMethod, PaymentOperation } from "./payments.types";
export type {
  AuthorizeAsk,
  FollowUpAsk,
  LookUpAsk,
  PaymentProvider,
  ProviderEvent,
  ProviderMovement,
  Webhook,
} from "./provider";
export { type BuyerAction, type MethodSummary, outcomeOf, type ProviderOutcome } from "./provider-outcome";
export { recordOutcome, recordPlacedOutcome } from "./record-outcome";
export type { Effect } from "./record-outcome.sql";
export { savePaymentMethod } from "./save-payment-method";
export { setAside } from "./set-aside";
export type { Recorded } from "./weigh-outcome";

/** For `node`, an object that isn't the caller's to see is not there. */
function visible<Row extends { __typename: string }>(
  find: (ctx: Context, uuid: string) => Promise<Row | null>,
  mayRead: (ctx: Context, row: Row) => boolean,
): NodeLoader {
  return async (ctx, uuid) => {
    const row = await find(ctx, uuid);
    return row && mayRead(ctx, row) ? row : null;
  };
}

/** Payments: providers, operations and the ledger they post to. Payments are reached through orders and accounts, the ledger by staff. */
export const payments: Feature = {
  resolvers: [LedgerResolver, PaymentOperationResolver],
  rules: paymentsRules,
  nodes: {
    pay: visible(loadPayment, mayReadPayment),
    payop: visible(loadOperation, mayReadPayment),
    pm: visible(loadPaymentMethod, mayReadMethod),
    ltx: visible(loadTransaction, isStaff),
  },
};
