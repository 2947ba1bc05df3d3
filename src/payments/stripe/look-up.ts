import type Stripe from "stripe";
import type { LookUpAsk } from "../provider";
import { outcomeOf, type ProviderOutcome } from "../provider-outcome";
import type { Client } from "./client";
import { authorizationOutcome, captureOutcome, setupOutcome, voidOutcome } from "./intent-outcome";
import { KEY } from "./metadata";
import { certainNo } from "./reasons";
import { refundOutcome } from "./refund-outcome";

/** The prefix of SetupIntents' names, which stand for orders that cost nothing. */
const SETUP = "seti_";
/** An intent that still can be called off without taking money back. */
const WAITING = ["requires_action", "requires_confirmation", "requires_payment_method"];

/**
 * What became of a call, read from Stripe's objects and not from the answer it keeps for our key, which is gone after 24 hours and may
 * be a 500 of the moment. An authorisation whose name we never heard is searched by our key. The search lags behind by up to a minute
 * (more when Stripe is unwell), so null may be said too early: who then asks again with the same key gets what there is, and what is found
 * later still is late money, which is never lost.
 */
export async function lookUp(stripe: Client, ask: LookUpAsk): Promise<ProviderOutcome | null> {
  const { kind, reference, key } = ask;
  if (kind === "AUTHORIZE") {
    const found = await find(stripe, ask);
    return found && outcomeOfFound(found);
  }
  if (reference === null) return null; // nothing can have been asked of what has no name
  if (kind === "REFUND") return findRefund(stripe, reference, key);
  const intent = await stripe.paymentIntents.retrieve(reference);
  return kind === "CAPTURE" ? captureOutcome(intent, key) : voidOutcome(intent, key);
}

/** Calls off what waits for its buyer. Without an idempotency key: a failure that Stripe kept would stand in the way for a day, and what is cancelled twice is cancelled. */
export async function cancel(stripe: Client, ask: LookUpAsk): Promise<ProviderOutcome> {
  const found = await find(stripe, ask);
  if (!found) return outcomeOf("UNKNOWN");
  if (!WAITING.includes(found.status)) return outcomeOfFound(found) ?? outcomeOf("UNKNOWN");
  const because = { cancellation_reason: "abandoned" as const };
  try {
    const ended =
      found.object === "setup_intent"
        ? await stripe.setupIntents.cancel(found.id, because)
        : await stripe.paymentIntents.cancel(found.id, because);
    return outcomeOfFound(ended) ?? outcomeOf("UNKNOWN");
  } catch (error) {
    if (!certainNo(error)) throw error;
    const now = await find(stripe, { ...ask, reference: found.id }); // the buyer got there first
    return (now && outcomeOfFound(now)) ?? outcomeOf("UNKNOWN");
  }
}

type Found = Stripe.PaymentIntent | Stripe.SetupIntent;

const outcomeOfFound = (found: Found) =>
  found.object === "setup_intent" ? setupOutcome(found) : authorizationOutcome(found);

/** SetupIntents can't be searched; asked again with its key, one that is there already is the answer, and no money moves either way. */
async function find(stripe: Client, { reference, key }: LookUpAsk): Promise<Found | null> {
  const expand = ["latest_charge"];
  if (reference?.startsWith(SETUP))
    return stripe.setupIntents.retrieve(reference, { expand: ["payment_method"] });
  if (reference !== null) return stripe.paymentIntents.retrieve(reference, { expand });
  const query = `metadata["${KEY}"]:"${key}"`;
  const { data } = await stripe.paymentIntents.search({ query, limit: 1, expand: ["data.latest_charge"] });
  return data[0] ?? null;
}

async function findRefund(stripe: Client, payment_intent: string, key: string) {
  for await (const refund of stripe.refunds.list({ payment_intent, limit: 100 }))
    if (refund.metadata?.[KEY] === key) return refundOutcome(refund);
  return null;
}
