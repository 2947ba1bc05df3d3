import type Stripe from "stripe";
import { DAY } from "../../platform/clock";
import type { ProviderMovement } from "../provider";
import { fromStripe } from "./amounts";
import type { Client } from "./client";
import { allowsSeveral, expanded, restOf } from "./intent-outcome";
import { capturesOf, KEY, lastOf, openedAt, referenceOf } from "./metadata";

/** Longer than any authorisation holds at Stripe (30 days, extended ones): what was captured now was created then. */
const OLDEST_MS = 31 * DAY;

/**
 * What moved from one moment to another, the second left out, of intents that are ours: an intent's authorisation, captures and what was let go of
 * it, and refunds. Captures and voids are dated to when we asked for them; what was captured by hand, to its authorisation.
 */
export async function* movements(stripe: Client, from: Date, to: Date): AsyncGenerator<ProviderMovement> {
  const within = ({ at }: ProviderMovement) => at >= from && at < to;
  const created = { gte: seconds(from.getTime() - OLDEST_MS), lt: seconds(to.getTime() + 999) };
  const expand = ["data.latest_charge"];
  for await (const intent of stripe.paymentIntents.list({ created, expand, limit: 100 }))
    yield* movementsOf(intent).filter(within);
  const recently = { created: { ...created, gte: seconds(from.getTime()) }, limit: 100 };
  for await (const refund of stripe.refunds.list({ ...recently, expand: ["data.payment_intent"] }))
    yield* refundMovement(refund).filter(within);
}

const seconds = (ms: number) => Math.floor(ms / 1_000);

/** Of one intent. One whose charge did not succeed has moved nothing. */
function movementsOf(intent: Stripe.PaymentIntent): ProviderMovement[] {
  const { id, currency, canceled_at } = intent;
  const [key, charge] = [intent.metadata[KEY], expanded(intent.latest_charge)];
  if (key === undefined || charge?.status !== "succeeded") return [];
  const [own, received] = [capturesOf(intent), fromStripe(intent.amount_received, currency)];
  const authorized = {
    ...{ key, reference: id, currency: currency.toUpperCase() },
    at: new Date(charge.created * 1_000),
  };
  const move = (kind: ProviderMovement["kind"], amount: bigint, about: Partial<ProviderMovement> = {}) =>
    amount > 0n ? [{ ...authorized, kind, amount, ...about }] : [];
  const captures = own.flatMap((one) => move("CAPTURE", one.amount, asked(id, one.key)));
  const byHand = received - own.reduce((sum, { amount }) => sum + amount, 0n);
  const others =
    intent.capture_method === "manual"
      ? move("CAPTURE", byHand, { key: null, reference: charge.id })
      : move("CAPTURE", received);
  const ended = intent.status === "canceled" || intent.status === "succeeded";
  const last = lastOf(intent);
  // By a void, or with a capture that took the rest's place; else it lapsed, or was let go by hand.
  const letGo =
    last && (last.kind === "VOID" || !allowsSeveral(intent))
      ? asked(id, last.key)
      : { key: null, ...(canceled_at ? { at: new Date(canceled_at * 1_000) } : {}) };
  return [
    ...move("AUTHORIZE", fromStripe(intent.amount, currency)),
    ...captures,
    ...others,
    ...(ended ? move("VOID", restOf(intent), letGo) : []),
  ];
}

/** How what we asked for is known. */
function asked(intent: string, key: string): Partial<ProviderMovement> {
  const at = openedAt(key);
  return { key, reference: referenceOf(intent, key), ...(at ? { at } : {}) };
}

function refundMovement(refund: Stripe.Refund): ProviderMovement[] {
  const key = refund.metadata?.[KEY] ?? null;
  const ours = key !== null || expanded(refund.payment_intent)?.metadata[KEY] !== undefined;
  if (!ours || refund.status !== "succeeded") return [];
  const { id: reference, amount, currency, created } = refund;
  return [
    {
      ...{ key, kind: "REFUND", reference, at: new Date(created * 1_000) },
      ...{ amount: fromStripe(amount, currency), currency: currency.toUpperCase() },
    },
  ];
}
