import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import {
  type FollowUpAsk,
  outcomeOf,
  type PaymentProvider,
  type ProviderOutcome,
} from "../../../src/payments";
import { type Clock, SECOND } from "../../../src/platform/clock";
import type { Random } from "../random";
import { authorize, decide, followUp, lookUp, newProviderBooks } from "./provider-books";
import { type Change, movementsOf } from "./provider-lines";

const SECRET = "a secret between the shop and its provider";
const SIGNATURE = "simulated-signature";
const CARDS = ["pays", "declines", "asks", "later"];

/**
 * How a call goes. lost: it never arrives. unheard: it is done, and nobody hears of it. delayed: the caller has given up when it arrives.
 */
const FATES = { heard: 75, lost: 8, unheard: 12, delayed: 5 };
/** A call that takes longer than this on its way does not arrive. Well below the time after which nothing is asked for again. */
const LONGEST_DELAY_MS = 60 * SECOND;
/** Of a hundred: follow-ups that the provider takes its time for, webhooks it never sends, and such that it sends twice. */
const SLOW = 15;
const NEVER_TOLD = 15;
const TOLD_TWICE = 20;

export type Letter = { body: string; headers: Record<string, string> };

/** A payment provider with durable books at the far end of a bad line, which tells everything late, twice, in any order or never. */
export function unreliableProvider(clock: Clock, random: Random) {
  const letters: Letter[] = [];
  const delayed: { arrivesAt: number; arrive: () => void }[] = [];
  let reliable = false;
  const books = newProviderBooks(clock, random.chance(70), (change) => {
    if (random.chance(NEVER_TOLD)) return;
    const letter = write(change);
    letters.push(letter);
    if (random.chance(TOLD_TWICE)) letters.push(letter);
  });

  async function call(work: () => ProviderOutcome): Promise<ProviderOutcome> {
    const fate = reliable ? "heard" : random.weighted(FATES);
    if (fate === "delayed") {
      const arrivesAt = clock.now().getTime() + random.between(SECOND, LONGEST_DELAY_MS);
      delayed.push({ arrivesAt, arrive: work });
    }
    if (fate === "lost" || fate === "delayed") throw new Error("connection timed out");
    const outcome = work();
    if (fate === "unheard") throw new Error("502 Bad Gateway");
    return outcome;
  }
  const asked = (kind: "CAPTURE" | "VOID" | "REFUND") => (ask: FollowUpAsk) =>
    call(() => followUp(books, kind, ask, !reliable && random.chance(SLOW)));

  const provider: PaymentProvider = {
    handle: "simulated",
    publishableKey: null,
    live: false,
    acceptsToken: (token) => CARDS.includes(token),
    authorize: (ask) => call(() => authorize(books, ask)),
    capture: asked("CAPTURE"),
    void: asked("VOID"),
    refund: asked("REFUND"),
    cancel: (ask) =>
      call(() => {
        const intent = books.intents.get(ask.key);
        if (!intent) throw new Error("Nobody waits for that");
        decide(books, intent, "CANCELLED");
        return lookUp(books, ask) ?? outcomeOf("UNKNOWN");
      }),
    async lookUp(ask) {
      if (!reliable && random.chance(FATES.lost + FATES.unheard)) throw new Error("connection timed out");
      return lookUp(books, ask);
    },
    readWebhook,
    async *movements(from, to) {
      yield* movementsOf(books).filter(({ at }) => from <= at && at < to);
    },
  };

  return {
    provider,
    books,
    /** Webhooks on their way */
    letters,
    /** Calls arrive that were on their way for long enough by now. */
    arrive() {
      const now = clock.now().getTime();
      for (const late of delayed.filter(({ arrivesAt }) => arrivesAt <= now)) {
        delayed.splice(delayed.indexOf(late), 1);
        late.arrive();
      }
    },
    /** From now on the line is good, and nothing takes long. */
    becomeReliable() {
      reliable = true;
    },
  };
}
export type UnreliableProvider = ReturnType<typeof unreliableProvider>;

const sign = (body: string | Buffer) => createHmac("sha256", SECRET).update(body).digest();

function write(change: Change): Letter {
  const amount = change.outcome.amount?.toString() ?? null;
  const body = JSON.stringify({ ...change, outcome: { ...change.outcome, amount }, id: randomUUID() });
  return { body, headers: { "content-type": "application/json", [SIGNATURE]: sign(body).toString("hex") } };
}

const readWebhook: PaymentProvider["readWebhook"] = (rawBody, headers) => {
  const given = Buffer.from(headers[SIGNATURE] ?? "", "hex");
  const wanted = sign(rawBody);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    return { genuine: false, why: "signature" };
  const { id, ...change } = JSON.parse(rawBody.toString()) as Change & { id: string };
  const amount = change.outcome.amount === null ? null : BigInt(change.outcome.amount);
  const event = { ...change, outcome: { ...change.outcome, amount } };
  return { genuine: true, eventId: id, type: change.kind, live: false, event };
};
