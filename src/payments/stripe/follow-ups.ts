import type Stripe from "stripe";
import type { FollowUpAsk } from "../provider";
import { outcomeOf, type ProviderOutcome } from "../provider-outcome";
import { toStripe } from "./amounts";
import type { Client } from "./client";
import { allowsSeveral, captureOutcome, voidOutcome } from "./intent-outcome";
import { captureMark, capturesOf, KEY, voidMark } from "./metadata";
import { certainNo, followUpReason } from "./reasons";
import { refundOutcome } from "./refund-outcome";

const refused = outcomeOf("FAILED", { reason: "refused" });
const unknown = outcomeOf("UNKNOWN");

/**
 * Captures (part of) an authorisation. The rest stays where the charge allows several captures; else Stripe lets it go, which the
 * outcome says (`released`). @throws whatever leaves open what happened
 */
export const capture = (stripe: Client, ask: FollowUpAsk) =>
  answered(async () => {
    const amount = toStripe(ask.amount, ask.currency);
    if (amount === null) return refused;
    const intent = await stripe.paymentIntents.retrieve(ask.reference, { expand: ["latest_charge"] });
    const done = capturesOf(intent).find(({ key }) => key === ask.key);
    if (done && done.amount !== ask.amount) throw new Error("Stripe captured another amount with this key");
    const after = done ? intent : await captureNow(stripe, intent, ask, amount);
    return captureOutcome(after, ask.key) ?? unknown;
  });

function captureNow(stripe: Client, intent: Stripe.PaymentIntent, ask: FollowUpAsk, amount: number) {
  const params = {
    amount_to_capture: amount,
    ...(allowsSeveral(intent) ? { final_capture: ask.final } : {}),
    metadata: captureMark(ask.key, amount),
  };
  return stripe.paymentIntents.capture(intent.id, params, { idempotencyKey: ask.key });
}

/**
 * Lets go of what is left of an authorisation: cancels the intent, or, where something was captured of it, captures a last 0. Stripe can't
 * let go of a part and hold the rest. The mark that tells whose void it was comes first, for cancelling takes none.
 */
export const voidRest = (stripe: Client, ask: FollowUpAsk) =>
  answered(async () => {
    const { reference, key } = ask;
    const intent = await stripe.paymentIntents.retrieve(reference);
    if (!ask.final) return refused;
    const mark = { metadata: voidMark(key) };
    if (intent.status === "requires_capture")
      await stripe.paymentIntents.update(reference, mark, { idempotencyKey: `${key}:mark` });
    const nothing = { amount_to_capture: 0, final_capture: true };
    const after =
      intent.amount_received > 0
        ? await stripe.paymentIntents.capture(reference, nothing, { idempotencyKey: key })
        : await stripe.paymentIntents.cancel(reference, {}, { idempotencyKey: key });
    return voidOutcome(after, key) ?? unknown;
  });

/** Refunds (part of) what was captured of an authorisation, whatever captures that was. */
export const refund = (stripe: Client, ask: FollowUpAsk) =>
  answered(async () => {
    const amount = toStripe(ask.amount, ask.currency);
    if (amount === null) return refused;
    const params = { payment_intent: ask.reference, amount, metadata: { [KEY]: ask.key } };
    return refundOutcome(await stripe.refunds.create(params, { idempotencyKey: ask.key }));
  });

async function answered(call: () => Promise<ProviderOutcome>): Promise<ProviderOutcome> {
  try {
    return await call();
  } catch (error) {
    const no = certainNo(error);
    if (!no) throw error;
    return outcomeOf("FAILED", { reason: followUpReason(no) });
  }
}
