/** Why a person must look at something. A closed list; attention.sql.ts says when each holds. */
export const AttentionReason = {
  OUTCOME_UNKNOWN: "OUTCOME_UNKNOWN",
  MISMATCH: "MISMATCH",
  PROVIDER_EVENT: "PROVIDER_EVENT",
  GIVE_BACK_FAILED: "GIVE_BACK_FAILED",
  AUTHORIZATION_LAPSED: "AUTHORIZATION_LAPSED",
  AUTHORIZATION_EXPIRES_SOON: "AUTHORIZATION_EXPIRES_SOON",
} as const;
export type AttentionReason = (typeof AttentionReason)[keyof typeof AttentionReason];

/** What each means to whoever reads the list; `note` is what was written down when it came about. */
export const attentionMessages: Record<AttentionReason, (note: string | null) => string> = {
  OUTCOME_UNKNOWN: () =>
    "The provider has not said for more than 10 minutes what became of this. It is being asked on with the same key: look there before doing anything by hand.",
  MISMATCH: () =>
    "The provider speaks of another amount or currency than it was asked for, so nothing was booked. Compare with the provider's own books.",
  PROVIDER_EVENT: (note) =>
    `What the provider told was not taken into account: ${note ?? "it fits nothing that it was asked for."}`,
  GIVE_BACK_FAILED: (note) =>
    `Money that buys nothing could not be given back: ${note ?? "the provider refused"}. Refund or void it again.`,
  AUTHORIZATION_LAPSED: () =>
    "Nothing is authorised for this open order any more. Cancel it, or be sure of the money before anything is shipped.",
  AUTHORIZATION_EXPIRES_SOON: () =>
    "This authorisation is older than 5 days and will end by itself. Capture what is shipped, or void it.",
};
