import { invalid, missing } from "./errors";
import { tell } from "./events";
import type { Form } from "./form";
import { refundJson } from "./json";
import type { Metadata, Refund, State } from "./state";

/** Refunds part of what an intent received. */
export function createRefund(state: State, form: Form): Refund {
  const intent = state.intents.get(String(form.payment_intent));
  if (!intent) throw missing("payment_intent", String(form.payment_intent), "payment_intent");
  if (intent.received === 0) throw invalid("This PaymentIntent does not have a successful charge to refund.");
  const given = [...state.refunds.values()]
    .filter((refund) => refund.intent === intent.id && !["failed", "canceled"].includes(refund.status))
    .reduce((sum, { amount }) => sum + amount, 0);
  const amount = Number(form.amount);
  if (given === intent.received)
    throw invalid("The charge has already been refunded.", { code: "charge_already_refunded" });
  if (!(amount > 0) || amount > intent.received - given)
    throw invalid("Refund amount is greater than unrefunded amount on charge", { param: "amount" });
  const refund: Refund = {
    ...{ id: state.newId("re"), intent: intent.id, amount, status: state.refundStatus },
    ...{ created: state.now(), metadata: { ...(form.metadata as Metadata) } },
  };
  state.refunds.set(refund.id, refund);
  tell(state, "refund.created", refundJson(state, refund));
  return refund;
}

/** The bank has decided on a refund that was pending. */
export function settleRefund(state: State, id: string, status: "succeeded" | "failed"): void {
  const refund = state.refunds.get(id);
  if (!refund) throw new Error("No such refund");
  refund.status = status;
  tell(state, status === "failed" ? "refund.failed" : "refund.updated", refundJson(state, refund));
}
