import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  type AuthorizeAsk,
  type FollowUpAsk,
  outcomeOf,
  type PaymentProvider,
  type ProviderOutcome,
} from "../../src/payments";

type Intent = AuthorizeAsk & {
  status: "SUCCEEDED" | "FAILED" | "ACTION_REQUIRED" | "PENDING";
  reference: string;
  taken: bigint;
  released: bigint;
  returned: bigint;
  reason: "declined" | "cancelled" | "expired" | null;
};
type Done = { kind: "CAPTURE" | "VOID" | "REFUND"; outcome: ProviderOutcome };

/**
 * A provider with books of its own, whose money can be counted, and whose buyer the test plays. Tokens: decline, action (the buyer must
 * confirm), wait (it tells later), deaf (the call never arrives), mute (it does it and nobody hears), anything else pays.
 */
export function aBank() {
  const intents = new Map<string, Intent>();
  const done = new Map<string, Done>();
  const find = (key: string) => {
    const intent = intents.get(key);
    if (!intent) throw new Error(`The bank was never asked with ${key}`);
    return intent;
  };
  const pay = (intent: Intent) => {
    intent.status = "SUCCEEDED";
    intent.reason = null;
    if (intent.capture) intent.taken = intent.amount;
  };
  const follow = (kind: Done["kind"], { key, reference, amount, currency }: FollowUpAsk) => {
    const intent = [...intents.values()].find((one) => one.reference === reference);
    if (!intent) return outcomeOf("FAILED", { reason: "not_found" });
    const left = kind === "REFUND" ? intent.taken - intent.returned : held(intent);
    const known = done.get(key);
    if (known) return known.outcome;
    if (bank.refuses || amount > left) return outcomeOf("FAILED", { reason: "refused" });
    if (kind === "CAPTURE") intent.taken += amount;
    else if (kind === "VOID") intent.released += amount;
    else intent.returned += amount;
    const outcome = outcomeOf("SUCCEEDED", { reference: `${reference}/${done.size}`, amount, currency });
    done.set(key, { kind, outcome });
    return outcome;
  };

  const provider: PaymentProvider = {
    handle: "bank",
    publishableKey: null,
    live: false,
    acceptsToken: (token) => token !== "nonsense",
    async authorize(ask) {
      bank.asked.push(ask.key);
      if (bank.silent || ask.token === "deaf") throw new Error("connection refused");
      const known = intents.get(ask.key);
      if (known) return outcomeOfIntent(known);
      const status = ask.token === "action" ? "ACTION_REQUIRED" : ask.token === "wait" ? "PENDING" : "FAILED";
      const blank = { taken: 0n, released: 0n, returned: 0n, reference: randomUUID() };
      const intent: Intent = { ...ask, ...blank, status, reason: status === "FAILED" ? "declined" : null };
      intents.set(ask.key, intent);
      if (status === "FAILED" && ask.token !== "decline") pay(intent);
      if (ask.token === "mute") throw new Error("socket hang up");
      return outcomeOfIntent(intent);
    },
    capture: async (ask) => follow("CAPTURE", ask),
    void: async (ask) => follow("VOID", ask),
    refund: async (ask) => follow("REFUND", ask),
    async cancel({ key }) {
      bank.cancelled.push(key);
      if (bank.silent) throw new Error("connection refused");
      const intent = find(key);
      if (intent.status === "ACTION_REQUIRED")
        Object.assign(intent, { status: "FAILED", reason: "cancelled" });
      return outcomeOfIntent(intent);
    },
    async lookUp({ key, kind }) {
      bank.lookedUp.push(key);
      await wait(bank.slowMs);
      if (bank.silent) throw new Error("connection refused");
      const intent = intents.get(key);
      return kind === "AUTHORIZE"
        ? intent
          ? outcomeOfIntent(intent)
          : null
        : (done.get(key)?.outcome ?? null);
    },
    forgetMethod: async (token) => {
      bank.forgotten.push(token);
      if (bank.silent) throw new Error("connection refused");
    },
    readWebhook: () => ({ genuine: false, why: "unreadable" }),
    async *movements() {},
  };
  const bank = {
    provider,
    /** Every call fails and does nothing. */
    silent: false,
    /** Captures, voids and refunds are refused. */
    refuses: false,
    slowMs: 0,
    asked: [] as string[],
    lookedUp: [] as string[],
    cancelled: [] as string[],
    forgotten: [] as string[],
    intents,
    /** The buyer confirms or refuses what he was asked. */
    confirm: (key: string) => pay(find(key)),
    refuse: (key: string) => void Object.assign(find(key), { status: "FAILED", reason: "declined" }),
    /** The money comes though it said no. @returns what it would tell of it */
    changeMind(key: string) {
      pay(find(key));
      return outcomeOfIntent(find(key));
    },
    /** What is authorised ends by itself. */
    lapse(key: string) {
      const intent = find(key);
      intent.released += held(intent);
      Object.assign(intent, { status: "FAILED", reason: "expired" });
    },
    /** What the shop has of an order's buyer: taken and not returned, and held. Minor units. */
    money(orderNumber: string) {
      const own = [...intents.values()].filter((one) => one.orderNumber === orderNumber);
      const sum = (of: (one: Intent) => bigint) => Number(own.map(of).reduce((a, b) => a + b, 0n));
      return { taken: sum((one) => one.taken - one.returned), held: sum(held) };
    },
  };
  return bank;
}

const held = ({ status, amount, taken, released }: Intent) =>
  status === "SUCCEEDED" || released > 0n ? amount - taken - released : 0n;

function outcomeOfIntent({ status, reference, reason, capture, key, amount, currency }: Intent) {
  const method = { brand: "visa", last4: "1111", expiryMonth: 1, expiryYear: 2033 };
  const paid = status === "SUCCEEDED";
  const nextAction = { type: "REDIRECT" as const, url: `https://bank.test/${key}`, clientSecret: null };
  return outcomeOf(status, {
    ...{ reference, reason, amount, currency },
    captured: paid && capture,
    method: paid ? method : null,
    nextAction: status === "ACTION_REQUIRED" ? nextAction : null,
  });
}
