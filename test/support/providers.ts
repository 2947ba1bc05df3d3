import { randomUUID } from "node:crypto";
import { outcomeOf, type PaymentProvider, type ProviderOutcome } from "../../src/payments";

/** A provider without books that answers what the token says: success, decline or silence (nobody hears what became of it). */
export function aProvider(): PaymentProvider {
  const answer = (status: ProviderOutcome["status"], captured: boolean): ProviderOutcome =>
    outcomeOf(status, {
      captured,
      reference: status === "SUCCEEDED" ? randomUUID() : null,
      reason: status === "FAILED" ? "declined" : null,
    });
  const byToken: Record<string, ProviderOutcome["status"]> = { decline: "FAILED", silence: "UNKNOWN" };
  const succeed = async () => answer("SUCCEEDED", true);
  return {
    handle: "test",
    publishableKey: null,
    live: false,
    acceptsToken: () => true,
    authorize: async ({ token, capture }) => answer(byToken[token] ?? "SUCCEEDED", capture),
    capture: succeed,
    void: succeed,
    refund: succeed,
    cancel: async () => outcomeOf("FAILED", { reason: "cancelled" }),
    lookUp: async () => null,
    readWebhook: () => ({ genuine: false, why: "unreadable" }),
    async *movements() {},
  };
}
