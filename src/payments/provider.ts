import type { PaymentOperationKind } from "../generated/prisma/enums";

/** What may be shown of a payment method. */
export type MethodSummary = {
  brand: string | null;
  last4: string | null;
  expiryMonth: number | null;
  expiryYear: number | null;
};

/** Why a provider said no, in words that may be shown to the buyer. */
export type FailureReason =
  | "declined"
  | "insufficient_funds"
  | "payment_method_invalid"
  | "not_found"
  | "amount_too_high"
  | "cancelled";

/** What the buyer must do before the provider goes on. */
export type BuyerAction = {
  type: "REDIRECT" | "CLIENT_CONFIRM" | "WAIT";
  url: string | null;
  clientSecret: string | null;
};

/** A provider's answer. UNKNOWN: it was asked and we did not hear what became of it. */
export type ProviderOutcome = {
  status: "SUCCEEDED" | "FAILED" | "ACTION_REQUIRED" | "UNKNOWN";
  /** The provider's own name for the movement; null when it gave none */
  reference: string | null;
  /** Of an authorisation: the money was taken with it */
  captured: boolean;
  reason: FailureReason | null;
  method: MethodSummary | null;
  nextAction: BuyerAction | null;
};

/** `key` is our idempotency key, stored before the call: asked again with it, a provider does nothing twice. Minor units. */
export type AuthorizeAsk = {
  key: string;
  amount: bigint;
  currency: string;
  /** The provider's reference to the payment method */
  token: string;
  /** Authorise and capture in one */
  capture: boolean;
  orderNumber?: string;
  /** Where the buyer comes back to after REDIRECT */
  returnUrl?: string;
};

/** Captures, voids or refunds (part of) what `reference` names: an authorisation, or for a refund a capture. */
export type FollowUpAsk = { key: string; reference: string; amount: bigint; currency: string };

/** What a provider tells us unasked. `eventId` is the same when it tells it again. */
export type ProviderEvent = {
  eventId: string;
  /** The key we asked with */
  key: string;
  kind: PaymentOperationKind;
  outcome: ProviderOutcome;
};

/**
 * A payment provider as the house sees it. Calls may throw or never answer: go through askProvider, never inside a transaction.
 */
export type PaymentProvider = {
  readonly handle: string;
  /** What a client needs for CLIENT_CONFIRM */
  readonly publishableKey: string | null;
  /** Whether a token is one of this provider's, as far as that shows without asking it. */
  acceptsToken(token: string): boolean;
  authorize(ask: AuthorizeAsk): Promise<ProviderOutcome>;
  capture(ask: FollowUpAsk): Promise<ProviderOutcome>;
  void(ask: FollowUpAsk): Promise<ProviderOutcome>;
  refund(ask: FollowUpAsk): Promise<ProviderOutcome>;
  /** What became of the call with this key; null when the provider never got it. */
  lookUp(key: string): Promise<ProviderOutcome | null>;
  /** The event in a webhook's body, or null when it is not a genuine one. */
  parseWebhook(rawBody: Buffer, headers: Record<string, string | undefined>): ProviderEvent | null;
};

declare module "../platform/context" {
  interface Services {
    /** The payment providers that are switched on; the first is the default. */
    providers: PaymentProvider[];
  }
}
