import { createHmac, randomBytes, randomUUID } from "node:crypto";
import type { PaymentOperationKind } from "../../src/generated/prisma/enums";
import {
  outcomeOf,
  type PaymentProvider,
  type ProviderEvent,
  type ProviderMovement,
  type ProviderOutcome,
  type Webhook,
} from "../../src/payments";
import type { Clock } from "../../src/platform/clock";

type Call = Pick<ProviderMovement, "kind" | "amount" | "currency"> & {
  key: string;
  outcome: ProviderOutcome;
  at: Date;
};
type Told = Partial<Omit<ProviderEvent, "outcome">> & { outcome?: Partial<ProviderOutcome> };
type Sending = { id?: string; live?: boolean; at?: Date; secret?: Buffer; type?: string };

const TOLERANCE_MS = 300_000;
const asText = (_name: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);

/**
 * A provider that does what its test says, keeps books of it, and tells whatever the test wants told, signed. Tokens: success; mute (it
 * does it, and nobody hears of it); waits (it will tell later); decline. What it is asked after that follows `mood`.
 */
export function scriptedProvider(clock: Clock, handle = "scripted") {
  const calls = new Map<string, Call>();
  const ownSecret = randomBytes(32);
  const sign = (body: Buffer, at: Date, secret: Buffer = ownSecret) =>
    `${at.getTime()}.${createHmac("sha256", secret).update(`${at.getTime()}.`).update(body).digest("hex")}`;
  const script = {
    /** Of look-ups, captures, voids and refunds. mute: it does what it is asked, and nobody hears of it. silent: nothing gets there. */
    mood: "answers" as "answers" | "mute" | "silent",
    asked: 0,
    calls,
    provider: undefined as unknown as PaymentProvider,
    /** What has become of a call at the provider, whoever knows. */
    decide(key: string, outcome: Partial<ProviderOutcome> & Pick<ProviderOutcome, "status">) {
      const call = calls.get(key);
      if (!call) throw new Error("The provider knows no such call");
      call.outcome = { ...call.outcome, ...outcome };
      call.at = clock.now();
    },
    /** Something that was done at the provider, not by us. */
    add(
      call: Omit<Call, "at" | "outcome">,
      outcome: ProviderOutcome = outcomeOf("SUCCEEDED", { reference: randomUUID() }),
    ) {
      calls.set(`${call.key}`, { ...call, outcome, at: clock.now() });
    },
    /** What it would tell of a call now, unless the test has it say otherwise; signed. */
    tell(key: string, about: Told = {}, sending: Sending = {}) {
      const { id = `evt_${randomUUID()}`, live = false, at = clock.now(), type = "told" } = sending;
      const call = calls.get(key);
      const base = outcomeOf(call?.outcome.status ?? "SUCCEEDED", call?.outcome);
      const money = { amount: call?.amount ?? null, currency: call?.currency ?? null };
      const event = {
        ...{ key, kind: call?.kind ?? "AUTHORIZE", orderNumber: null, ...about },
        outcome: { ...base, ...money, ...about.outcome },
      };
      const body = Buffer.from(JSON.stringify({ id, type, live, event }, asText));
      return {
        body,
        headers: { "content-type": "application/json", "scripted-signature": sign(body, at, sending.secret) },
      };
    },
    sign,
  };
  const write = (
    kind: PaymentOperationKind,
    ask: { key: string; amount: bigint; currency: string },
    outcome: ProviderOutcome,
  ) => {
    const known = calls.get(ask.key);
    if (known) return known.outcome;
    const { key, amount, currency } = ask;
    calls.set(key, { key, kind, amount, currency, outcome, at: clock.now() });
    return outcome;
  };
  const heard = (outcome: ProviderOutcome, mute = script.mood === "mute") => {
    if (mute) throw new Error("socket hang up");
    return outcome;
  };
  const followUp =
    (kind: PaymentOperationKind) => async (ask: { key: string; amount: bigint; currency: string }) => {
      script.asked++;
      if (script.mood === "silent") throw new Error("connection refused");
      return heard(write(kind, ask, outcomeOf("SUCCEEDED", { reference: randomUUID() })));
    };
  script.provider = {
    handle,
    publishableKey: null,
    live: false,
    acceptsToken: (token) => ["success", "mute", "waits", "decline"].includes(token),
    async authorize(ask) {
      script.asked++;
      if (script.mood === "silent") throw new Error("connection refused");
      const reference = randomUUID();
      const done = outcomeOf("SUCCEEDED", { reference, captured: ask.capture });
      const byToken: Record<string, ProviderOutcome> = {
        waits: outcomeOf("PENDING", { reference }),
        decline: outcomeOf("FAILED", { reference, reason: "declined" }),
      };
      return heard(write("AUTHORIZE", ask, byToken[ask.token] ?? done), ask.token === "mute");
    },
    capture: followUp("CAPTURE"),
    void: followUp("VOID"),
    refund: followUp("REFUND"),
    async cancel({ key }) {
      return calls.get(key)?.outcome ?? outcomeOf("FAILED", { reason: "cancelled" });
    },
    async lookUp({ key }) {
      script.asked++;
      if (script.mood !== "answers") throw new Error("connection refused");
      return calls.get(key)?.outcome ?? null;
    },
    readWebhook(body, headers, now): Webhook {
      const [at, mac] = (headers["scripted-signature"] ?? "").split(".");
      const age = now.getTime() - Number(at);
      if (!mac || sign(body, new Date(Number(at))) !== `${at}.${mac}`)
        return { genuine: false, why: "signature" };
      if (age > TOLERANCE_MS) return { genuine: false, why: "too old" };
      if (age < -TOLERANCE_MS) return { genuine: false, why: "from the future" };
      try {
        const { id, type, live, event } = JSON.parse(body.toString());
        const amount = event?.outcome.amount == null ? null : BigInt(event.outcome.amount);
        return {
          ...{ genuine: true, eventId: id, type, live },
          event: event && { ...event, outcome: { ...event.outcome, amount } },
        };
      } catch {
        return { genuine: false, why: "unreadable" };
      }
    },
    async *movements(from, to) {
      for (const { key, kind, amount, currency, outcome, at } of calls.values()) {
        if (outcome.status !== "SUCCEEDED" || at < from || at >= to) continue;
        const moved = { key, amount, currency, at, reference: outcome.reference ?? "" };
        yield { ...moved, kind };
        if (outcome.captured) yield { ...moved, kind: "CAPTURE" };
      }
    },
  };
  return script;
}
