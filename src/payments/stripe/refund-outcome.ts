import type Stripe from "stripe";
import { outcomeOf, type ProviderOutcome } from "../provider-outcome";
import { fromStripe } from "./amounts";

/** Where a refund is. Some methods take days; a refund that failed leaves the money with the shop. */
export function refundOutcome(refund: Stripe.Refund): ProviderOutcome {
  const { id: reference, amount, currency } = refund;
  const about = { reference, amount: fromStripe(amount, currency), currency: currency.toUpperCase() };
  switch (refund.status) {
    case "succeeded":
      return outcomeOf("SUCCEEDED", about);
    case "failed":
      return outcomeOf("FAILED", { ...about, reason: "refused" });
    case "canceled":
      return outcomeOf("FAILED", { ...about, reason: "cancelled" });
    default:
      return outcomeOf("PENDING", about);
  }
}
