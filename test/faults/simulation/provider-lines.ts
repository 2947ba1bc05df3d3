import {
  type AuthorizeAsk,
  outcomeOf,
  type ProviderMovement,
  type ProviderOutcome,
} from "../../../src/payments";
import type { Clock } from "../../../src/platform/clock";

/** How a buyer's card behaves. asks: the buyer has to confirm. later: the provider only knows after a while. */
export type Card = "pays" | "declines" | "asks" | "later";
export type FollowUpKind = "CAPTURE" | "VOID" | "REFUND";

/** An authorisation in the provider's books. Minor units. */
export type Intent = Omit<AuthorizeAsk, "token"> & {
  reference: string;
  state: "WAITING" | "PROCESSING" | "AUTHORIZED" | "DECLINED" | "CANCELLED" | "LAPSED";
  at: Date;
};
/**
 * A capture, void or refund of one. `key` is null for what the provider did by itself: because of another movement (`cause`), or because the
 * authorisation was over.
 */
export type FollowUp = {
  key: string | null;
  cause: FollowUp | null;
  kind: FollowUpKind;
  intent: Intent;
  amount: bigint;
  state: "PENDING" | "SUCCEEDED" | "FAILED";
  released: boolean;
  reference: string;
  at: Date;
};
/** A change that the provider tells by webhook. */
export type Change = {
  key: string;
  kind: "AUTHORIZE" | FollowUpKind;
  outcome: ProviderOutcome;
  orderNumber: string | null;
};

/**
 * What a provider has done, kept apart from the shop. `multicapture`: several captures of one authorisation; without it the first releases
 * the rest. `told` hears of every change.
 */
export type ProviderBooks = {
  clock: Clock;
  multicapture: boolean;
  told: (change: Change) => void;
  intents: Map<string, Intent>;
  followUps: FollowUp[];
};

const sumOf = ({ followUps }: ProviderBooks, intent: Intent, kind: FollowUpKind) =>
  followUps
    .filter((one) => one.intent === intent && one.kind === kind && one.state !== "FAILED")
    .reduce((total, { amount }) => total + amount, 0n);

/** Authorised, and neither captured nor let go. */
export const openOf = (books: ProviderBooks, intent: Intent) =>
  intent.state === "AUTHORIZED" && !intent.capture
    ? intent.amount - sumOf(books, intent, "CAPTURE") - sumOf(books, intent, "VOID")
    : 0n;

/** Captured, and not refunded. */
export const takenOf = (books: ProviderBooks, intent: Intent) =>
  (intent.capture ? intent.amount : sumOf(books, intent, "CAPTURE")) - sumOf(books, intent, "REFUND");

const CARD = { brand: "visa", last4: "4242", expiryMonth: 12, expiryYear: 2040 };
const ACTION = { type: "REDIRECT" as const, url: "https://bank.example/confirm", clientSecret: null };

const OUTCOMES: Record<Intent["state"], [ProviderOutcome["status"], Partial<ProviderOutcome>]> = {
  WAITING: ["ACTION_REQUIRED", { nextAction: ACTION }],
  PROCESSING: ["PENDING", {}],
  AUTHORIZED: ["SUCCEEDED", {}],
  DECLINED: ["FAILED", { reason: "declined" }],
  CANCELLED: ["FAILED", { reason: "cancelled" }],
  LAPSED: ["FAILED", { reason: "expired" }],
};

/** How an authorisation stands, as the provider says it. */
export function intentOutcome({ state, reference, capture, amount, currency }: Intent): ProviderOutcome {
  const [status, about] = OUTCOMES[state];
  const captured = capture && status === "SUCCEEDED";
  return outcomeOf(status, { reference, amount, currency, method: CARD, captured, ...about });
}

/** What became of a capture, void or refund, as the provider says it. */
export const followUpOutcome = ({ state, reference, amount, released, intent }: FollowUp): ProviderOutcome =>
  outcomeOf(state, {
    ...{ reference, amount, released, currency: intent.currency },
    reason: state === "FAILED" ? "amount_too_high" : null,
  });

/** All that succeeded, as the provider lists it: a sale is its capture, too. `intentKey` names what it belongs to. */
export function movementsOf({ intents, followUps }: ProviderBooks) {
  type Listed = ProviderMovement & { intentKey: string };
  const lines: Listed[] = [];
  for (const { key, state, capture, reference, amount, currency, at } of intents.values()) {
    if (state !== "AUTHORIZED" && state !== "LAPSED") continue;
    const line = { key, intentKey: key, reference, amount, currency, at };
    lines.push({ ...line, kind: "AUTHORIZE" });
    if (capture) lines.push({ ...line, kind: "CAPTURE" });
  }
  for (const { key, cause, state, kind, reference, amount, intent, at } of followUps) {
    const line = { kind, reference, amount, currency: intent.currency, at };
    if (state === "SUCCEEDED") lines.push({ ...line, key: key ?? cause?.key ?? null, intentKey: intent.key });
  }
  return lines;
}
