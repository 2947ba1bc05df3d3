import type { Feature } from "../platform/feature";
import { AttentionResolver } from "./attention/attention.resolver";
import { findProviderEvent } from "./inbox/find-provider-event";
import { receivedEventsSweep } from "./inbox/process-received-events";
import { ProviderEventResolver } from "./inbox/provider-event.resolver";
import { webhookRoutes } from "./inbox/receive-webhook";
import { reconciliationJobs, reconciliationSweep } from "./reconcile/daily-reconciliation";
import { SettlementResolver } from "./settlement.resolver";
import { settlementRules } from "./settlement.rules";

export { describeDrift } from "./reconcile/drift";
export { reconcile } from "./reconcile/reconcile";

/** What becomes of an order's money after it was placed: taken, released, given back, accounted for. */
export const settlement: Feature = {
  resolvers: [AttentionResolver, SettlementResolver, ProviderEventResolver],
  rules: settlementRules,
  sensitive: ["capturePayment", "voidPayment", "refundPayment", "cancelOrder"],
  nodes: { pevt: findProviderEvent },
  routes: webhookRoutes,
  jobs: reconciliationJobs,
  sweeps: [receivedEventsSweep, reconciliationSweep],
};
