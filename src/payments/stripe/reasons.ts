import Stripe from "stripe";
import type { FailureReason } from "../provider-outcome";

const AUTHENTICATION = [
  "authentication_required",
  "payment_intent_authentication_failure",
  "setup_intent_authentication_failure",
];
const METHOD = [
  "expired_card",
  "incorrect_cvc",
  "incorrect_number",
  "invalid_cvc",
  "invalid_expiry_month",
  "invalid_expiry_year",
  "invalid_number",
];
const FOLLOW_UP: Record<string, FailureReason> = {
  resource_missing: "not_found",
  amount_too_large: "amount_too_high",
  charge_already_refunded: "amount_too_high",
  charge_expired_for_capture: "expired",
};

/**
 * Why a payment was declined, in what the buyer may know: suspected fraud and stolen cards are declines like any other.
 * @see https://docs.stripe.com/declines/codes
 */
export function declineReason(error: { code?: string | null; decline_code?: string | null }): FailureReason {
  const [code, decline] = [error.code ?? "", error.decline_code ?? ""];
  if (decline === "insufficient_funds") return "insufficient_funds";
  if (AUTHENTICATION.includes(code) || AUTHENTICATION.includes(decline)) return "authentication_failed";
  return METHOD.includes(code) ? "payment_method_invalid" : "declined";
}

/**
 * Stripe's certain no to a call: a card that was declined, or a request that it refused to work on. Null for everything that leaves open
 * whether it did the work or will (silence, 409, 429, 5xx, a key that was used for something else), or that is no answer to the
 * call at all (a wrong API key).
 */
export function certainNo(error: unknown) {
  const { StripeCardError, StripeInvalidRequestError } = Stripe.errors;
  if (error instanceof StripeCardError) return error;
  return error instanceof StripeInvalidRequestError ? error : null;
}

/** Why an authorisation was not even tried. */
export const requestReason = ({ param }: { param?: string }): FailureReason =>
  param?.startsWith("payment_method") ? "payment_method_invalid" : "refused";

/** Why a capture, void or refund was refused. */
export function followUpReason({ code, param }: { code?: string; param?: string }): FailureReason {
  const known = code === undefined ? undefined : FOLLOW_UP[code];
  return known ?? (param === "amount" || param === "amount_to_capture" ? "amount_too_high" : "refused");
}
