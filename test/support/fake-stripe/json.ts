import { cardJson, cardOf, methodJson } from "./methods";
import type { Intent, Refund, State } from "./state";

const ACTION = "https://hooks.stripe.example/3d_secure/authenticate/";

/** A PaymentIntent or SetupIntent as Stripe shows it; `expand` names what is shown whole. */
export function intentJson(intent: Intent, expand: string[] = []) {
  const { id, object, status, error, metadata, customer, created, cancellation_reason } = intent;
  const method = expand.includes("payment_method") ? methodJson(intent.method) : intent.method.id;
  const waits = status === "requires_action";
  const common = {
    ...{ id, object, status, metadata, customer, created, cancellation_reason, livemode: false },
    payment_method: status === "requires_payment_method" ? null : method,
    client_secret: `${id}_secret_${id.slice(-8)}`,
    next_action: waits ? nextActionOf(intent) : null,
  };
  const lastError = error && { type: "card_error", ...error, payment_method: methodJson(intent.method) };
  if (object === "setup_intent") return { ...common, last_setup_error: lastError, usage: "on_session" };
  const whole = expand.includes("latest_charge");
  return {
    ...common,
    amount: intent.amount,
    amount_capturable: status === "requires_capture" ? intent.amount - intent.received : 0,
    amount_received: intent.received,
    currency: intent.currency,
    capture_method: intent.capture_method,
    canceled_at: intent.canceled_at,
    last_payment_error: lastError,
    latest_charge: intent.charge && (whole ? chargeJson(intent) : intent.charge.id),
  };
}

const nextActionOf = ({ id, returnUrl }: Intent) =>
  returnUrl
    ? { type: "redirect_to_url", redirect_to_url: { url: `${ACTION}${id}`, return_url: returnUrl } }
    : { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect" } };

function chargeJson({ id, amount, received, currency, charge, method }: Intent) {
  if (!charge) return null;
  const bank = cardOf(method).slow;
  return {
    ...{ id: charge.id, object: "charge", payment_intent: id, amount, amount_captured: received, currency },
    ...{ captured: charge.captured, status: charge.status, paid: charge.status === "succeeded" },
    ...{ created: charge.created, livemode: false },
    payment_method_details: bank
      ? { type: "us_bank_account", us_bank_account: {} }
      : { type: "card", card: cardJson(charge.several) },
  };
}

/** A refund as Stripe shows it. */
export function refundJson(state: State, refund: Refund, expand: string[] = []) {
  const { id, amount, status, created, metadata } = refund;
  const intent = state.intents.get(refund.intent);
  return {
    ...{ id, object: "refund", amount, status, created, metadata, reason: null },
    currency: intent?.currency ?? "eur",
    charge: intent?.charge?.id ?? null,
    payment_intent: intent && expand.includes("payment_intent") ? intentJson(intent) : refund.intent,
  };
}
