import type { Context } from "../platform/context";
import type { Feature, NodeLoader } from "../platform/feature";
import { loadOperation, loadPayment } from "./payment.rows";
import { loadPaymentMethod } from "./payment-method.rows";
import { mayReadMethod, mayReadPayment, paymentsRules } from "./payments.rules";

export { askProvider } from "./ask-provider";
export { createProviders } from "./create-providers";
export { paymentsOf, type StoredPayment, toPayment } from "./payment.rows";
export { listPaymentMethods, loadOwnMethod } from "./payment-method.rows";
export { mayReadMethod } from "./payments.rules";
export { Payment, PaymentMethod } from "./payments.types";
export type { AuthorizeAsk, MethodSummary, PaymentProvider, ProviderOutcome } from "./provider";
export { recordOutcome } from "./record-outcome";
export { savePaymentMethod } from "./save-payment-method";

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

/** Payments: providers, operations and the ledger they post to. Its objects are reached through orders and accounts. */
export const payments: Feature = {
  resolvers: [],
  rules: paymentsRules,
  nodes: {
    pay: visible(loadPayment, mayReadPayment),
    payop: visible(loadOperation, mayReadPayment),
    pm: visible(loadPaymentMethod, mayReadMethod),
  },
};
