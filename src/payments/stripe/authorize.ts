import type Stripe from "stripe";
import type { AuthorizeAsk } from "../provider";
import { outcomeOf, type ProviderOutcome } from "../provider-outcome";
import { toStripe } from "./amounts";
import type { Client } from "./client";
import { authorizationOutcome, setupOutcome, summaryOf } from "./intent-outcome";
import { KEY, ORDER } from "./metadata";
import { certainNo, declineReason, requestReason } from "./reasons";

const refused = outcomeOf("FAILED", { reason: "refused" });
const unknown = outcomeOf("UNKNOWN");

/**
 * Creates and confirms a PaymentIntent in one call: all of what happened, or nothing, under our key. An amount that Stripe can't express
 * is refused without asking it. @throws whatever leaves open what happened
 */
export async function authorize(stripe: Client, ask: AuthorizeAsk): Promise<ProviderOutcome> {
  if (ask.amount === 0n) return ask.save && ask.customer ? setUp(stripe, ask) : check(stripe, ask);
  const amount = toStripe(ask.amount, ask.currency);
  if (amount === null) return refused;
  return answered(async () => {
    const intent = await stripe.paymentIntents.create(paramsOf(ask, amount), { idempotencyKey: ask.key });
    return authorizationOutcome(intent) ?? unknown;
  });
}

/** The same each time for an ask: Stripe takes a key with other parameters for a mistake. */
const paramsOf = (ask: AuthorizeAsk, amount: number): Stripe.PaymentIntentCreateParams => ({
  ...confirmation(ask),
  amount,
  currency: ask.currency.toLowerCase(),
  capture_method: ask.capture ? "automatic" : "manual",
  // The shop charges nobody who isn't there: on_session, which asks less of the buyer than off_session.
  ...(ask.save && ask.customer ? { setup_future_usage: "on_session" } : {}),
  ...(ask.capture ? {} : { payment_method_options: { card: { request_multicapture: "if_available" } } }),
  expand: ["latest_charge"],
});

/** What intents of both kinds are asked. Without a place to come back to, no method is offered that sends the buyer away. */
const confirmation = ({ token, customer, returnUrl, key, orderNumber }: AuthorizeAsk) => ({
  payment_method: token,
  confirm: true,
  automatic_payment_methods:
    returnUrl === null ? { enabled: true, allow_redirects: "never" as const } : { enabled: true },
  ...(returnUrl === null ? {} : { return_url: returnUrl }),
  ...(customer === null ? {} : { customer }),
  metadata: { [KEY]: key, [ORDER]: orderNumber },
});

/** Nothing to pay, a method to keep: Stripe has no PaymentIntent of 0, a SetupIntent confirms the method with its issuer. */
const setUp = (stripe: Client, ask: AuthorizeAsk) =>
  answered(async () => {
    const params = { ...confirmation(ask), usage: "on_session" as const, expand: ["payment_method"] };
    const setup = await stripe.setupIntents.create(params, { idempotencyKey: ask.key });
    return setupOutcome(setup) ?? unknown;
  });

/** Nothing to pay, nothing to keep: the method is looked at, its owner is not bothered. */
const check = (stripe: Client, { token }: AuthorizeAsk) =>
  answered(async () => {
    const { card } = await stripe.paymentMethods.retrieve(token);
    return outcomeOf("SUCCEEDED", { captured: true, amount: 0n, method: summaryOf(card) });
  });

/** Stripe's certain no is an answer like another; a decline leaves an intent behind, which tells more. */
async function answered(call: () => Promise<ProviderOutcome>): Promise<ProviderOutcome> {
  try {
    return await call();
  } catch (error) {
    const no = certainNo(error);
    if (!no) throw error;
    const { payment_intent: intent, setup_intent: setup } = no;
    const told = (intent && authorizationOutcome(intent)) ?? (setup && setupOutcome(setup));
    if (told) return told;
    return outcomeOf("FAILED", {
      reason: no.type === "StripeCardError" ? declineReason(no) : requestReason(no),
    });
  }
}
