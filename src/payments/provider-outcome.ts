/** What may be shown of a payment method. */
export type MethodSummary = {
  brand: string | null;
  last4: string | null;
  expiryMonth: number | null;
  expiryYear: number | null;
};

/** Why a provider said no, in words that may be shown to the buyer. */
export const failureReasons = [
  "declined",
  "insufficient_funds",
  "authentication_failed",
  "payment_method_invalid",
  "not_found",
  "amount_too_high",
  "cancelled",
  "expired",
  "refused",
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** What the buyer must do before the provider goes on. */
export type BuyerAction = {
  type: "REDIRECT" | "CLIENT_CONFIRM" | "WAIT";
  url: string | null;
  clientSecret: string | null;
};

/**
 * A provider's answer. PENDING: it has taken the call and will tell later. UNKNOWN: it was asked and we did not hear what became of it.
 */
export type ProviderOutcome = {
  status: "SUCCEEDED" | "FAILED" | "ACTION_REQUIRED" | "PENDING" | "UNKNOWN";
  /** The provider's own name for the movement; null when it gave none */
  reference: string | null;
  /** Of an authorisation: the money was taken with it */
  captured: boolean;
  /** Of a capture: what it left of the authorisation was released with it; nothing more can be captured */
  released: boolean;
  /** `mismatch` is ours: the provider spoke of another amount or currency than it was asked for */
  reason: FailureReason | "mismatch" | null;
  method: MethodSummary | null;
  nextAction: BuyerAction | null;
  /** What the provider says it moved, in minor units; null where it does not say */
  amount: bigint | null;
  currency: string | null;
};

/** An outcome with nothing to say but what is given. */
export const outcomeOf = (
  status: ProviderOutcome["status"],
  about: Partial<ProviderOutcome> = {},
): ProviderOutcome => ({
  status,
  reference: null,
  captured: false,
  released: false,
  reason: null,
  method: null,
  nextAction: null,
  amount: null,
  currency: null,
  ...about,
});
