import { randomUUID } from "node:crypto";
import {
  type AuthorizeAsk,
  type FollowUpAsk,
  type LookUpAsk,
  outcomeOf,
  type ProviderMovement,
  type ProviderOutcome,
} from "../../../src/payments";
import { type Clock, DAY } from "../../../src/platform/clock";

/** How a buyer's card behaves. asks: the buyer has to confirm. later: the provider only knows after a while. */
export type Card = "pays" | "declines" | "asks" | "later";
type Kind = "CAPTURE" | "VOID" | "REFUND";

/** An authorisation in the provider's books. Minor units. */
export type Intent = Omit<AuthorizeAsk, "token"> & {
  reference: string;
  state: "WAITING" | "PROCESSING" | "AUTHORIZED" | "DECLINED" | "CANCELLED" | "LAPSED";
  at: Date;
};
/**
 * A capture, void or refund of one; `key` is null for what the provider did by itself: because of another movement, or because the
 * authorisation was over.
 */
type FollowUp = {
  key: string | null;
  cause: FollowUp | null;
  kind: Kind;
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
  kind: "AUTHORIZE" | Kind;
  outcome: ProviderOutcome;
  orderNumber: string | null;
};

/** As long as Stripe's, for cards. */
const AUTHORIZATION_LIFE = 7 * DAY;

/**
 * What the provider has done, kept apart from the shop as a provider's books are: nothing twice for a key, never more than there is.
 * `multicapture`: several captures of one authorisation; without it the first releases the rest. `told` hears of every change.
 */
export function providerBooks(clock: Clock, multicapture: boolean, told: (change: Change) => void) {
  const intents = new Map<string, Intent>();
  const followUps: FollowUp[] = [];
  const sum = (intent: Intent, kinds: Kind[], states = ["PENDING", "SUCCEEDED"]) =>
    followUps
      .filter((one) => one.intent === intent && kinds.includes(one.kind) && states.includes(one.state))
      .reduce((total, { amount }) => total + amount, 0n);
  const captured = (intent: Intent) => (intent.capture ? intent.amount : sum(intent, ["CAPTURE"]));
  const open = (intent: Intent) =>
    intent.state === "AUTHORIZED" && !intent.capture
      ? intent.amount - sum(intent, ["CAPTURE"]) - sum(intent, ["VOID"])
      : 0n;

  function add(intent: Intent, line: Pick<FollowUp, "key" | "kind" | "amount" | "state">): FollowUp {
    const made = {
      ...line,
      ...{ intent, cause: null, released: false, reference: randomUUID(), at: clock.now() },
    };
    followUps.push(made);
    return made;
  }
  function letGo(intent: Intent, cause: FollowUp | null) {
    const line = add(intent, { key: null, kind: "VOID", amount: open(intent), state: "SUCCEEDED" });
    Object.assign(line, { cause, reference: cause?.reference ?? intent.reference });
  }
  const tellIntent = (intent: Intent) =>
    told({
      key: intent.key,
      kind: "AUTHORIZE",
      outcome: intentOutcome(intent),
      orderNumber: intent.orderNumber,
    });

  /** What waits for the buyer, or for the provider itself, is decided. */
  function decide(intent: Intent, state: "AUTHORIZED" | "DECLINED" | "CANCELLED") {
    if (intent.state !== "WAITING" && intent.state !== "PROCESSING") return;
    Object.assign(intent, { state, at: clock.now() });
    tellIntent(intent);
  }

  /** Authorisations end by themselves; whoever looks afterwards finds them ended. */
  function lapse() {
    for (const intent of intents.values())
      if (open(intent) > 0n && clock.now().getTime() >= intent.at.getTime() + AUTHORIZATION_LIFE) {
        letGo(intent, null);
        intent.state = "LAPSED";
        tellIntent(intent);
      }
  }

  return {
    intents,
    captured,
    open,
    refunded: (intent: Intent) => sum(intent, ["REFUND"], ["SUCCEEDED"]),
    lapse,
    authorize(ask: AuthorizeAsk): ProviderOutcome {
      const known = intents.get(ask.key);
      if (known) return intentOutcome(known);
      const { token, ...rest } = ask;
      const state = (
        { pays: "AUTHORIZED", declines: "DECLINED", asks: "WAITING", later: "PROCESSING" } as const
      )[token as Card];
      const intent: Intent = { ...rest, reference: randomUUID(), state, at: clock.now() };
      intents.set(ask.key, intent);
      tellIntent(intent);
      return intentOutcome(intent);
    },
    decide,
    followUp(kind: Kind, { key, reference, amount, final }: FollowUpAsk, slow: boolean): ProviderOutcome {
      lapse();
      const known = followUps.find((one) => one.key === key);
      if (known) return followUpOutcome(known);
      const intent = [...intents.values()].find((one) => one.reference === reference);
      if (!intent) return outcomeOf("FAILED", { reason: "not_found" });
      const left = kind === "REFUND" ? captured(intent) - sum(intent, ["REFUND"]) : open(intent);
      const state = amount > left ? "FAILED" : slow ? "PENDING" : "SUCCEEDED";
      const line = add(intent, { key, kind, amount, state });
      if (kind === "CAPTURE" && state !== "FAILED" && !multicapture && !final && open(intent) > 0n) {
        letGo(intent, line);
        line.released = true;
      }
      told({ key, kind, outcome: followUpOutcome(line), orderNumber: intent.orderNumber });
      return followUpOutcome(line);
    },
    /** What was declined is authorised after all. */
    forgive(intent: Intent) {
      Object.assign(intent, { state: "AUTHORIZED", at: clock.now() });
      tellIntent(intent);
    },
    /** What the provider took its time for is done. @returns whether there was something */
    finishSlow() {
      const processing = [...intents.values()].filter(({ state }) => state === "PROCESSING");
      const pending = followUps.filter(({ state }) => state === "PENDING");
      for (const intent of processing) decide(intent, "AUTHORIZED");
      for (const line of pending) {
        line.state = "SUCCEEDED";
        const { key, kind, intent } = line;
        if (key) told({ key, kind, outcome: followUpOutcome(line), orderNumber: intent.orderNumber });
      }
      return processing.length + pending.length > 0;
    },
    lookUp({ key, kind }: LookUpAsk): ProviderOutcome | null {
      lapse();
      const intent = intents.get(key);
      if (kind === "AUTHORIZE") return intent ? intentOutcome(intent) : null;
      const line = followUps.find((one) => one.key === key);
      return line ? followUpOutcome(line) : null;
    },
    /** All that succeeded, as the provider lists it: a sale is its capture, too. `intentKey` names what it belongs to. */
    movements(): (ProviderMovement & { intentKey: string })[] {
      const authorized = [...intents.values()].filter(
        ({ state }) => state === "AUTHORIZED" || state === "LAPSED",
      );
      return [
        ...authorized.flatMap((intent) => {
          const { key, reference, amount, currency, at } = intent;
          const line = { key, intentKey: key, reference, amount, currency, at };
          return intent.capture
            ? [
                { ...line, kind: "AUTHORIZE" as const },
                { ...line, kind: "CAPTURE" as const },
              ]
            : [{ ...line, kind: "AUTHORIZE" as const }];
        }),
        ...followUps
          .filter(({ state }) => state === "SUCCEEDED")
          .map(({ key, cause, kind, reference, amount, intent, at }) => ({
            ...{ key: key ?? cause?.key ?? null, intentKey: intent.key },
            ...{ kind, reference, amount, currency: intent.currency, at },
          })),
      ];
    },
  };
}
export type ProviderBooks = ReturnType<typeof providerBooks>;

const CARD = { brand: "visa", last4: "4242", expiryMonth: 12, expiryYear: 2040 };

function intentOutcome({ state, reference, capture, amount, currency }: Intent): ProviderOutcome {
  const about = { reference, amount, currency, method: CARD };
  switch (state) {
    case "WAITING":
      return outcomeOf("ACTION_REQUIRED", {
        ...about,
        nextAction: { type: "REDIRECT", url: "https://bank.example/confirm", clientSecret: null },
      });
    case "PROCESSING":
      return outcomeOf("PENDING", about);
    case "AUTHORIZED":
      return outcomeOf("SUCCEEDED", { ...about, captured: capture });
    case "DECLINED":
      return outcomeOf("FAILED", { ...about, reason: "declined" });
    case "CANCELLED":
      return outcomeOf("FAILED", { ...about, reason: "cancelled" });
    case "LAPSED":
      return outcomeOf("FAILED", { ...about, reason: "expired" });
  }
}

const followUpOutcome = ({ state, reference, amount, released, intent }: FollowUp): ProviderOutcome =>
  outcomeOf(state, {
    ...{ reference, amount, released, currency: intent.currency },
    reason: state === "FAILED" ? "amount_too_high" : null,
  });
