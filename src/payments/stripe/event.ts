import type Stripe from "stripe";
import type { ProviderEvent } from "../provider";
import { outcomeOf } from "../provider-outcome";
import { fromStripe } from "./amounts";
import { authorizationOutcome, captureOutcome, setupOutcome, voidOutcome } from "./intent-outcome";
import { KEY, lastOf, ORDER } from "./metadata";
import { refundOutcome } from "./refund-outcome";

/** The events that are acted upon: what an endpoint at Stripe has to be subscribed to. */
const eventTypes = [
  "payment_intent.succeeded",
  "payment_intent.amount_capturable_updated",
  "payment_intent.payment_failed",
  "payment_intent.canceled",
  "payment_intent.processing",
  "payment_intent.requires_action",
  "setup_intent.succeeded",
  "setup_intent.setup_failed",
  "setup_intent.canceled",
  "setup_intent.requires_action",
  "refund.created",
  "refund.updated",
  "refund.failed",
  "charge.dispute.created",
] as const;

/**
 * What an event means here, or null for what is not acted upon: other types, and intents that something else made in the same account.
 * An object in an event is as it was when the event happened.
 */
export function eventOf(type: string, object: object): ProviderEvent | null {
  if (!eventTypes.some((known) => known === type)) return null;
  if (type.startsWith("payment_intent.")) return intentEvent(object as Stripe.PaymentIntent);
  if (type.startsWith("setup_intent.")) return setupEvent(object as Stripe.SetupIntent);
  if (type.startsWith("refund.")) return refundEvent(object as Stripe.Refund);
  return disputeEvent(object as Stripe.Dispute);
}

/** The capture or void that was asked last, if that is what happened; else the authorisation. */
function intentEvent(intent: Stripe.PaymentIntent): ProviderEvent | null {
  const { [KEY]: key, [ORDER]: orderNumber = null } = intent.metadata;
  if (key === undefined) return null;
  const last = lastOf(intent);
  const moved =
    last && (last.kind === "CAPTURE" ? captureOutcome(intent, last.key) : voidOutcome(intent, last.key));
  if (moved) return { ...last, outcome: moved, orderNumber };
  const outcome = authorizationOutcome(intent);
  return outcome && { key, kind: "AUTHORIZE", outcome, orderNumber };
}

function setupEvent(setup: Stripe.SetupIntent): ProviderEvent | null {
  const { [KEY]: key, [ORDER]: orderNumber = null } = setup.metadata ?? {};
  const outcome = key === undefined ? null : setupOutcome(setup);
  return key !== undefined && outcome ? { key, kind: "AUTHORIZE", outcome, orderNumber } : null;
}

/** Without our key it was made at Stripe by hand, and a person has to book it: a refund does not say whose payment it is of. */
const refundEvent = (refund: Stripe.Refund): ProviderEvent => ({
  key: refund.metadata?.[KEY] ?? null,
  kind: "REFUND",
  outcome: refundOutcome(refund),
  orderNumber: null,
});

/** A buyer's bank takes the money back. Nobody asked for that, so it has no key, and waits for a person. */
const disputeEvent = ({ id, amount, currency }: Stripe.Dispute): ProviderEvent => ({
  key: null,
  kind: "REFUND",
  outcome: outcomeOf("UNKNOWN", {
    ...{ reference: id, amount: fromStripe(amount, currency), currency: currency.toUpperCase() },
  }),
  orderNumber: null,
});
