import type { Feature } from "../platform/feature";
import { AttentionResolver } from "./attention/attention.resolver";
import { receivedEventsSweep } from "./inbox/process-received-events";
import { webhookRoutes } from "./inbox/receive-webhook";
import { SettlementResolver } from "./settlement.resolver";
import { settlementRules } from "./settlement.rules";

/** What becomes of an order's money after it was placed: taken, released, given back, accounted for. */
export const settlement: Feature = {
  resolvers: [AttentionResolver, SettlementResolver],
  rules: settlementRules,
  routes: webhookRoutes,
  sweeps: [receivedEventsSweep],
};
