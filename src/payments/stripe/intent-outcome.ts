import type Stripe from "stripe";
import {
  type BuyerAction,
  type FailureReason,
  type MethodSummary,
  outcomeOf,
  type ProviderOutcome,
} from "../provider-outcome";
import { fromStripe } from "./amounts";
import { capturesOf, referenceOf } from "./metadata";
import { declineReason } from "./reasons";

type Intent = Stripe.PaymentIntent;
type Card = {
  brand?: string | null;
  last4?: string | null;
  exp_month?: number | null;
  exp_year?: number | null;
};

/** Where an intent's authorisation is. Null while its confirmation is still under way, or never was: it may be asked for again. */
export function authorizationOutcome(intent: Intent): ProviderOutcome | null {
  const own = capturesOf(intent);
  const about = {
    ...{ reference: intent.id, method: methodOf(intent), currency: intent.currency.toUpperCase() },
    amount: fromStripe(intent.amount, intent.currency),
  };
  switch (intent.status) {
    case "requires_capture":
      return outcomeOf("SUCCEEDED", about);
    case "succeeded":
      // All of it was taken: with the authorisation, or at Stripe by hand, if not by captures of ours.
      if (restOf(intent) === 0n) return outcomeOf("SUCCEEDED", { ...about, captured: own.length === 0 });
      // Partly captured, and the rest let go. By us, we know of it; at Stripe by hand, somebody has to look.
      return own.length > 0
        ? outcomeOf("FAILED", { ...about, reason: "expired" })
        : outcomeOf("UNKNOWN", about);
    case "requires_payment_method":
      return intent.last_payment_error
        ? outcomeOf("FAILED", { ...about, reason: declineReason(intent.last_payment_error) })
        : null;
    default:
      return waitingOutcome(intent, about);
  }
}

/** Where the check of a method that is to be kept is; it moves no money. */
export function setupOutcome(setup: Stripe.SetupIntent): ProviderOutcome | null {
  const about = { reference: setup.id, method: summaryOf(expanded(setup.payment_method)?.card) };
  if (setup.status === "succeeded") return outcomeOf("SUCCEEDED", { ...about, captured: true, amount: 0n });
  if (setup.status !== "requires_payment_method") return waitingOutcome(setup, about);
  const error = setup.last_setup_error;
  return error ? outcomeOf("FAILED", { ...about, reason: declineReason(error) }) : null;
}

/** What intents of both kinds have in common. */
function waitingOutcome(
  intent: Intent | Stripe.SetupIntent,
  about: Partial<ProviderOutcome>,
): ProviderOutcome | null {
  switch (intent.status) {
    case "processing":
      return outcomeOf("PENDING", about);
    case "requires_action":
      return outcomeOf("ACTION_REQUIRED", { ...about, nextAction: actionOf(intent) });
    case "canceled":
      return outcomeOf("FAILED", { ...about, reason: endReason(intent.cancellation_reason) });
    default:
      return null;
  }
}

/** What became of our capture with this key; null when it did not take place. */
export function captureOutcome(intent: Intent, key: string): ProviderOutcome | null {
  const capture = capturesOf(intent).find((one) => one.key === key);
  if (!capture) return null;
  const [reference, currency] = [referenceOf(intent.id, key), intent.currency.toUpperCase()];
  const released = intent.status === "succeeded" && restOf(intent) > 0n;
  return outcomeOf("SUCCEEDED", { reference, currency, released, amount: capture.amount });
}

/** What became of our void with this key; null while there still is, or never was, something to let go. */
export function voidOutcome(intent: Intent, key: string): ProviderOutcome | null {
  const [rest, ended] = [restOf(intent), intent.status === "canceled" || intent.status === "succeeded"];
  if (!ended || rest === 0n) return null;
  const [reference, currency] = [referenceOf(intent.id, key), intent.currency.toUpperCase()];
  return outcomeOf("SUCCEEDED", { reference, currency, amount: rest });
}

/** What was not captured of an intent. */
export const restOf = ({ amount, amount_received, currency }: Intent) =>
  fromStripe(amount, currency) - fromStripe(amount_received, currency);

/** Whether what a capture leaves stays; asked of an intent whose charge is expanded. */
export const allowsSeveral = ({ latest_charge }: Intent) =>
  expanded(latest_charge)?.payment_method_details?.card?.multicapture?.status === "available";

/** The whole object, where it was asked for; webhooks carry its id alone. */
export const expanded = <T extends object>(value: string | T | null | undefined): T | null =>
  typeof value === "object" ? value : null;

/** Stripe ends what nobody captured in time (7 days for most cards) on its own. */
const endReason = (reason: string | null): FailureReason =>
  reason === "expired" || reason === "automatic" ? "expired" : "cancelled";

function actionOf({ next_action, client_secret }: Intent | Stripe.SetupIntent): BuyerAction {
  const url = next_action?.redirect_to_url?.url ?? null;
  return url
    ? { type: "REDIRECT", url, clientSecret: null }
    : { type: "CLIENT_CONFIRM", url: null, clientSecret: client_secret };
}

const methodOf = ({ latest_charge, last_payment_error }: Intent) =>
  summaryOf(
    expanded(latest_charge)?.payment_method_details?.card ?? last_payment_error?.payment_method?.card,
  );

export const summaryOf = (card: Card | null | undefined): MethodSummary | null =>
  card
    ? {
        brand: card.brand ?? null,
        last4: card.last4 ?? null,
        expiryMonth: card.exp_month ?? null,
        expiryYear: card.exp_year ?? null,
      }
    : null;
