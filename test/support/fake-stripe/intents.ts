import { invalid, missing, StripeProblem, unexpectedState } from "./errors";
import { tell } from "./events";
import type { Form } from "./form";
import { intentJson } from "./json";
import { cardOf, methodOf } from "./methods";
import type { Intent, Metadata, State } from "./state";

/** Creates and confirms an intent of either kind. */
export function createIntent(state: State, form: Form, object: Intent["object"]): Intent {
  const method = methodOf(state, String(form.payment_method));
  const customer = form.customer === undefined ? null : String(form.customer);
  if (customer !== null && !state.customers.has(customer)) throw missing("customer", customer, "customer");
  if (method.customer !== null && method.customer !== customer)
    throw invalid("The PaymentMethod belongs to another customer.", { param: "payment_method" });
  const amount = object === "setup_intent" ? 0 : Number(form.amount);
  if (object === "payment_intent") checkAmount(amount, String(form.currency));
  const redirects = (form.automatic_payment_methods as Form | undefined)?.allow_redirects;
  if (form.return_url === undefined && redirects !== "never")
    throw invalid("This PaymentIntent is configured to accept methods that redirect: give a return_url.", {
      param: "return_url",
    });
  const card = (form.payment_method_options as { card?: Form } | undefined)?.card;
  const intent: Intent = {
    ...{ id: state.newId(object === "setup_intent" ? "seti" : "pi"), object, amount, method, customer },
    ...{ received: 0, currency: String(form.currency ?? ""), status: "requires_payment_method" },
    capture_method: form.capture_method === "manual" ? "manual" : "automatic",
    ...{ created: state.now(), metadata: { ...(form.metadata as Metadata) }, error: null, charge: null },
    keeps: form.setup_future_usage !== undefined || object === "setup_intent",
    asksForSeveral: card?.request_multicapture === "if_available",
    returnUrl: form.return_url === undefined ? null : String(form.return_url),
    ...{ canceled_at: null, cancellation_reason: null, foundFrom: Date.now() + state.searchLagMs },
  };
  state.intents.set(intent.id, intent);
  if (cardOf(method).authentication) move(state, intent, "requires_action");
  else charge(state, intent);
  return intent;
}

/** @see https://docs.stripe.com/currencies: what Stripe refuses of amounts */
function checkAmount(amount: number, currency: string) {
  if (currency !== currency.toLowerCase()) throw invalid("Invalid currency", { param: "currency" });
  if (!Number.isSafeInteger(amount) || amount < 1) throw invalid("Invalid integer", { param: "amount" });
  const step = ["bhd", "jod", "kwd", "omr", "tnd"].includes(currency) ? 10 : 1;
  if (amount % (["isk", "ugx"].includes(currency) ? 100 : step) !== 0)
    throw invalid("Invalid amount for the currency", { param: "amount" });
}

/** Asks the issuer. @throws the card error that Stripe answers a declined confirmation with */
export function charge(state: State, intent: Intent): void {
  const { decline, slow, several = false } = cardOf(intent.method);
  if (intent.object === "payment_intent")
    intent.charge = {
      ...{ id: state.newId("ch"), created: state.now(), captured: false, status: "succeeded" },
      several: several && state.severalCaptures && intent.asksForSeveral,
    };
  if (decline) fail(state, intent, decline);
  if (intent.keeps && intent.customer)
    state.methods.set(intent.method.id, { ...intent.method, customer: intent.customer });
  const manual = intent.object === "payment_intent" && intent.capture_method === "manual";
  if (slow) move(state, intent, "processing");
  else if (manual) move(state, intent, "requires_capture");
  else takeAll(state, intent);
}

/** The money is there, all of it. */
export function takeAll(state: State, intent: Intent): void {
  intent.received = intent.amount;
  if (intent.charge) intent.charge.captured = true;
  move(state, intent, "succeeded");
}

function fail(state: State, intent: Intent, error: NonNullable<Intent["error"]>): never {
  refuse(state, intent, error);
  const told = intentJson(intent);
  throw new StripeProblem(402, { type: "card_error", ...error, [intent.object]: told });
}

/** The issuer, or the buyer in front of it, says no. */
export function refuse(state: State, intent: Intent, error: NonNullable<Intent["error"]>): void {
  intent.error = error;
  if (intent.charge) intent.charge.status = "failed";
  move(state, intent, "requires_payment_method");
}

const EVENTS: Record<Intent["status"], string> = {
  requires_payment_method: "payment_failed",
  requires_action: "requires_action",
  processing: "processing",
  requires_capture: "amount_capturable_updated",
  canceled: "canceled",
  succeeded: "succeeded",
};

export function move(state: State, intent: Intent, to: Intent["status"]): void {
  intent.status = to;
  const setupFailed = intent.object === "setup_intent" && to === "requires_payment_method";
  tell(state, `${intent.object}.${setupFailed ? "setup_failed" : EVENTS[to]}`, intentJson(intent));
}

/** Captures part of an intent: what is left stays only where several captures are possible and wanted. */
export function captureIntent(state: State, intent: Intent, form: Form): void {
  if (intent.status !== "requires_capture" || !intent.charge) throw unexpectedState(intent.status);
  const rest = intent.amount - intent.received;
  const amount = form.amount_to_capture === undefined ? rest : Number(form.amount_to_capture);
  if (amount > rest)
    throw invalid("The amount is too large.", { code: "amount_too_large", param: "amount_to_capture" });
  if (amount === 0 && intent.received === 0)
    throw invalid("Nothing to release", { param: "amount_to_capture" });
  if (form.final_capture === "false" && !intent.charge.several)
    throw invalid("Multicapture is not available for this PaymentIntent.", { param: "final_capture" });
  intent.received += amount;
  intent.charge.captured = true;
  Object.assign(intent.metadata, form.metadata ?? {});
  move(state, intent, form.final_capture === "false" ? "requires_capture" : "succeeded");
}

/** Cancels an intent, as long as nothing was taken of it. */
export function cancelIntent(state: State, intent: Intent, reason: string | null): void {
  const open = ["requires_payment_method", "requires_action", "requires_capture"].includes(intent.status);
  if (!open || intent.received > 0) throw unexpectedState(intent.status);
  intent.canceled_at = state.now();
  intent.cancellation_reason = reason;
  move(state, intent, "canceled");
}
