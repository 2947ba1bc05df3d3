/**
 * Moments at which a crash would hurt most. Each is told to `platform.reached`, which does nothing in a shop; tests kill the process there.
 */
export const faultPoints = [
  "checkout.asked for", // the request is read, nothing is written
  "checkout.placed", // the order is committed, the provider not asked
  "provider.answered", // the provider has done its work, nothing of it is written
  "operation.recording", // inside the transaction that writes the outcome, before it commits
  "operation.recorded", // committed, the client not answered
  "follow-up.opened", // a capture, void or refund is committed, the provider not asked
  "order.cancelling", // inside the transaction that cancels, before it commits
  "order.cancelled", // committed; what it voids or refunds was not asked for
  "webhook.verified", // genuine, not stored
  "webhook.stored", // stored, not taken into account
  "webhook.processing", // inside the transaction that takes it into account, before it commits
  "webhook.processed", // committed, the provider not thanked
  "settling.leased", // a stale operation is taken over, the provider not asked
  "expiry.expiring", // inside the transaction that gives expired stock back, before it commits
  "mail.sent", // the mail is out, its job not marked as done
] as const;
export type FaultPoint = (typeof faultPoints)[number];

/** Hears that a moment was reached. */
export type Reached = (point: FaultPoint) => void | Promise<void>;

export const nothingHappens: Reached = () => {};
