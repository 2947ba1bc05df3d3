import { invalid } from "./errors";
import type { Method, State } from "./state";

/** Why an issuer says no. */
export type Decline = { code: string; decline_code?: string; message: string };

type Card = { decline?: Decline; authentication?: boolean; several?: boolean; slow?: boolean };

const declined = (decline_code: string, code = "card_declined"): Card => ({
  decline: { code, decline_code, message: "Your card was declined." },
});

/** Stripe's test methods that are used here, under their own names. */
const cards: Record<string, Card> = {
  pm_card_visa: { several: true },
  pm_card_credit_disableEnterpriseCardFeatures: {},
  pm_card_authenticationRequired: { authentication: true, several: true },
  pm_card_chargeDeclined: declined("generic_decline"),
  pm_card_chargeDeclinedInsufficientFunds: declined("insufficient_funds"),
  pm_card_chargeDeclinedFraudulent: declined("fraudulent"),
  pm_card_chargeDeclinedExpiredCard: declined("expired_card", "expired_card"),
  pm_usBankAccount_success: { slow: true },
};

/** How the card behind a method behaves. */
export const cardOf = (method: Method): Card => cards[method.card] ?? {};

/** The method with this name. @throws resource_missing as Stripe does */
export function methodOf(state: State, id: string): Method {
  const known = state.methods.get(id);
  if (known) return known;
  if (!Object.hasOwn(cards, id))
    throw invalid(
      `No such PaymentMethod: '${id}'`,
      { code: "resource_missing", param: "payment_method" },
      404,
    );
  return { id, card: id, customer: null };
}

/** A method of its own with such a card, as Stripe.js makes one for a buyer. */
export function makeMethod(state: State, card: string): string {
  const id = state.newId("pm");
  state.methods.set(id, { id, card, customer: null });
  return id;
}

export const methodJson = ({ id, customer, card }: Method) => ({
  ...{ id, object: "payment_method", customer, livemode: false, metadata: {} },
  ...(cards[card]?.slow ? { type: "us_bank_account" } : { type: "card", card: cardJson() }),
});

export const cardJson = (several?: boolean) => ({
  ...{ brand: "visa", last4: "4242", exp_month: 12, exp_year: 2034, funding: "credit", country: "US" },
  ...(several === undefined ? {} : { multicapture: { status: several ? "available" : "unavailable" } }),
});
