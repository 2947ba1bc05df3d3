import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { HOUR, MINUTE, SECOND } from "../../../src/platform/clock";
import { readId, toId } from "../../../src/platform/ids";
import type { ReadyCart } from "../../support/checkouts";
import type { Person } from "../people";
import type { Random } from "../random";
import { type MutationName, type Payload, request, type Wish } from "../request";
import type { FaultyServer } from "./faulty-server";
import type { CrashingShop } from "./shop";

/** A wish with the answer that its client has got; null: none yet. */
export type Asked = Wish & { person: Person | null; answer: Payload | null };

/** The ways that a payment can go, each of them some buyer's; and those of which one buyer has one. */
const CARDS = ["success", "success", "duplicate", "follow_up_late", "late", "decline", "server_error"];
const OTHERS = ["action_required", "reordered", "server_error", "timeout", "timeout_before"];
export const BUYERS = CARDS.length + 1;

/** After each the sweeps run: goods are held no longer, orders expire. */
const SPANS = [6 * SECOND, 31 * MINUTE, 25 * HOUR];
/** Mails are sent by a worker beside everything else. */
const MAILS_MS = 2_000;

/** A round in the life of a shop: who wants what, and what decides. */
export type Round = { shop: CrashingShop; server: FaultyServer; random: Random; asked: Asked[] };

/**
 * Buyers, staff and time do what they do, all at once where they can, until the server dies or nothing is left to do. Each request is noted
 * in `asked` before it is sent. @throws when the server dies
 */
export async function putToWork(round: Round, carts: ReadyCart[]) {
  const { server, random, shop } = round;
  const cards = random.shuffled([...CARDS, random.pick(...OTHERS)]).map((card) => `sandbox:${card}`);
  const answers = await Promise.all(
    carts.map(({ id: cartId, total: expectedTotal }, index) =>
      want(round, null, "checkout", { cartId, expectedTotal, payment: { token: cards[index] } }),
    ),
  );
  await server.order("sweep", null);
  for (const answer of answers)
    if (answer?.nextAction?.url) await decide(answer.nextAction.url, random.pick("confirm", "refuse"));
  await shop.advance(server, 31 * SECOND); // what is late has come by then, and what nobody heard of is asked for again
  await server.order("sweep", null);
  await followUp(round, carts);
  for (const span of SPANS) {
    await shop.advance(server, span);
    await server.order("sweep", null);
  }
  const died = server.ended.then(() => Promise.reject(new Error("The server died")));
  await Promise.race([wait(MAILS_MS), died]);
}

/** Staff take, release and give back the money of what was sold, all at once. */
async function followUp(round: Round, carts: ReadyCart[]) {
  const { shop, server } = round;
  const staff = await shop.signStaffIn(server);
  const cartIds = carts.flatMap(({ id }) => readId("cart", id) ?? []);
  const payments = await shop.platform.db.payment.findMany({
    where: { authorized: { gt: 0 }, order: { status: "OPEN", cartId: { in: cartIds } } },
    orderBy: { id: "asc" },
  });
  await Promise.all(
    payments.map(({ id, orderId, amount }, index) => {
      const all = { paymentId: toId("pay", id) };
      const half = { ...all, amount: { amount: Math.floor(Number(amount) / 2), currency: "EUR" } };
      const deeds: [MutationName, object][] = [
        ["cancelOrder", { orderId: toId("order", orderId) }],
        ["capturePayment", half],
        ["refundPayment", half],
        ["voidPayment", all],
        ["refundPayment", { ...all, restock: true }],
        ["capturePayment", all],
      ];
      const [mutation, input] = deeds[index % deeds.length] ?? ["voidPayment", all];
      return want(round, staff, mutation, input);
    }),
  );
}

async function want(round: Round, person: Person | null, mutation: MutationName, input: object) {
  const asked: Asked = { person, mutation, input, key: randomUUID(), answer: null };
  round.asked.push(asked);
  await askFor(round.server, asked);
  return asked.answer;
}

/** Asks for a wish, the first time or again. @returns what it came to, or why there was no answer */
export async function askFor({ url }: FaultyServer, asked: Asked): Promise<Payload | string> {
  const answer = await request(url, asked.person?.token ?? null, asked);
  if (typeof answer !== "string") asked.answer = answer;
  return answer;
}

/** The buyer presses a button of the provider's page. */
async function decide(url: string, decision: "confirm" | "refuse") {
  await fetch(url, { method: "POST", body: new URLSearchParams({ decision }), redirect: "manual" });
}
