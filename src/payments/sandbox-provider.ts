import type { Clock } from "../platform/clock";
import type { Db } from "../platform/database";
import {
  type FailureReason,
  type MethodSummary,
  outcomeOf,
  type PaymentProvider,
  type ProviderOutcome,
} from "./provider";
import { type Charge, findCharge, writeCharge, writeFollowUp } from "./sandbox-books";

/** How each token behaves: the reason it is refused with, or null when it is honoured. */
const tokens: Record<string, FailureReason | null> = {
  "sandbox:success": null,
  "sandbox:decline": "declined",
  "sandbox:insufficient_funds": "insufficient_funds",
};
const CARD: MethodSummary = { brand: "visa", last4: "4242", expiryMonth: 12, expiryYear: 2034 };

/**
 * A payment provider for development and tests, shipped with the shop. It behaves as a real one does: it keeps books of its own
 * (schema sandbox), does nothing twice for one key, and refuses what its books don't allow. Its writes are committed when it
 * answers, whatever becomes of ours.
 */
export function createSandbox(db: Db, clock: Clock): PaymentProvider {
  return {
    handle: "sandbox",
    publishableKey: null,
    live: false,
    acceptsToken: (token) => Object.hasOwn(tokens, token),
    async authorize({ key, amount, currency, token, capture }) {
      const reason = Object.hasOwn(tokens, token) ? (tokens[token] ?? null) : "payment_method_invalid";
      const kind = capture ? "SALE" : "AUTHORIZE";
      return toOutcome(await writeCharge(db, clock.now(), { key, kind, token, amount, currency, reason }));
    },
    capture: async (ask) => toOutcome(await writeFollowUp(db, clock.now(), { ...ask, kind: "CAPTURE" })),
    void: async (ask) => toOutcome(await writeFollowUp(db, clock.now(), { ...ask, kind: "VOID" })),
    refund: async (ask) => toOutcome(await writeFollowUp(db, clock.now(), { ...ask, kind: "REFUND" })),
    cancel: async () => outcomeOf("FAILED", { reason: "cancelled" }),
    async lookUp({ key }) {
      const charge = await findCharge(db, key);
      return charge && toOutcome(charge);
    },
    readWebhook: () => ({ genuine: false, why: "unreadable" }), // every one of its answers comes at once
    async *movements() {},
  };
}

const toOutcome = ({ outcome, reference, kind, reason, token, amount, currency }: Charge): ProviderOutcome =>
  outcomeOf(outcome, {
    ...{ reference, reason, amount, currency },
    captured: outcome === "SUCCEEDED" && kind === "SALE",
    method: token !== null && Object.hasOwn(tokens, token) ? CARD : null,
  });
