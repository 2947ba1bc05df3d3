import { randomUUID } from "node:crypto";
import {
  type AuthorizeAsk,
  type FollowUpAsk,
  type LookUpAsk,
  outcomeOf,
  type ProviderOutcome,
} from "../../../src/payments";
import { type Clock, DAY } from "../../../src/platform/clock";
import {
  type Card,
  type Change,
  type FollowUp,
  type FollowUpKind,
  followUpOutcome,
  type Intent,
  intentOutcome,
  openOf,
  type ProviderBooks,
  takenOf,
} from "./provider-lines";

/** As long as Stripe's, for cards. */
const AUTHORIZATION_LIFE = 7 * DAY;

const STATES: Record<Card, Intent["state"]> = {
  ...{ pays: "AUTHORIZED", declines: "DECLINED", asks: "WAITING", later: "PROCESSING" },
};

export const newProviderBooks = (
  clock: Clock,
  multicapture: boolean,
  told: (change: Change) => void,
): ProviderBooks => ({ clock, multicapture, told, intents: new Map(), followUps: [] });

/** Authorises, or asks the buyer, or declines: once for a key. */
export function authorize(books: ProviderBooks, { token, ...ask }: AuthorizeAsk): ProviderOutcome {
  const known = books.intents.get(ask.key);
  if (known) return intentOutcome(known);
  const state = STATES[token as Card];
  const intent: Intent = { ...ask, reference: randomUUID(), state, at: books.clock.now() };
  books.intents.set(ask.key, intent);
  return tellIntent(books, intent);
}

/** Captures, voids or refunds, no more than there is: once for a key. A slow one is taken, and done later. */
export function followUp(books: ProviderBooks, kind: FollowUpKind, ask: FollowUpAsk, slow: boolean) {
  lapse(books);
  const { key, reference, amount, final } = ask;
  const known = books.followUps.find((one) => one.key === key);
  if (known) return followUpOutcome(known);
  const intent = [...books.intents.values()].find((one) => one.reference === reference);
  if (!intent) return outcomeOf("FAILED", { reason: "not_found" });
  const left = kind === "REFUND" ? takenOf(books, intent) : openOf(books, intent);
  const state = amount > left ? "FAILED" : slow ? "PENDING" : "SUCCEEDED";
  const line = add(books, intent, { key, kind, amount, state });
  const releases = kind === "CAPTURE" && state !== "FAILED" && !books.multicapture && !final;
  if (releases && openOf(books, intent) > 0n) {
    letGo(books, intent, line);
    line.released = true;
  }
  return tellFollowUp(books, line);
}

/** What became of the call with a key; null when it never came. */
export function lookUp(books: ProviderBooks, { key, kind }: LookUpAsk): ProviderOutcome | null {
  lapse(books);
  const intent = books.intents.get(key);
  if (kind === "AUTHORIZE") return intent ? intentOutcome(intent) : null;
  const line = books.followUps.find((one) => one.key === key);
  return line ? followUpOutcome(line) : null;
}

/** What waits for the buyer, or for the provider itself, is decided. */
export function decide(books: ProviderBooks, intent: Intent, state: "AUTHORIZED" | "DECLINED" | "CANCELLED") {
  if (intent.state !== "WAITING" && intent.state !== "PROCESSING") return;
  Object.assign(intent, { state, at: books.clock.now() });
  tellIntent(books, intent);
}

/** What was declined is authorised after all. */
export function forgive(books: ProviderBooks, intent: Intent) {
  Object.assign(intent, { state: "AUTHORIZED", at: books.clock.now() });
  tellIntent(books, intent);
}

/** What the provider took its time for is done. @returns whether there was something */
export function finishSlow(books: ProviderBooks): boolean {
  const processing = [...books.intents.values()].filter(({ state }) => state === "PROCESSING");
  const pending = books.followUps.filter(({ state }) => state === "PENDING");
  for (const intent of processing) decide(books, intent, "AUTHORIZED");
  for (const line of pending) {
    line.state = "SUCCEEDED";
    tellFollowUp(books, line);
  }
  return processing.length + pending.length > 0;
}

/** Authorisations end by themselves; whoever looks afterwards finds them ended. */
export function lapse(books: ProviderBooks) {
  const oldest = books.clock.now().getTime() - AUTHORIZATION_LIFE;
  for (const intent of books.intents.values())
    if (openOf(books, intent) > 0n && intent.at.getTime() <= oldest) {
      letGo(books, intent, null);
      intent.state = "LAPSED";
      tellIntent(books, intent);
    }
}

function add(
  { clock, followUps }: ProviderBooks,
  intent: Intent,
  line: Pick<FollowUp, "key" | "kind" | "amount" | "state">,
): FollowUp {
  const about = { intent, cause: null, released: false, reference: randomUUID(), at: clock.now() };
  const made: FollowUp = { ...line, ...about };
  followUps.push(made);
  return made;
}

function letGo(books: ProviderBooks, intent: Intent, cause: FollowUp | null) {
  const all = { key: null, kind: "VOID", amount: openOf(books, intent), state: "SUCCEEDED" } as const;
  Object.assign(add(books, intent, all), { cause, reference: cause?.reference ?? intent.reference });
}

function tellIntent({ told }: ProviderBooks, intent: Intent): ProviderOutcome {
  const { key, orderNumber } = intent;
  const outcome = intentOutcome(intent);
  told({ key, kind: "AUTHORIZE", outcome, orderNumber });
  return outcome;
}

function tellFollowUp({ told }: ProviderBooks, line: FollowUp): ProviderOutcome {
  const { key, kind, intent } = line;
  const outcome = followUpOutcome(line);
  if (key) told({ key, kind, outcome, orderNumber: intent.orderNumber });
  return outcome;
}
