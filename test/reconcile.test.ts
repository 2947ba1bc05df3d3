import { randomUUID } from "node:crypto";
import { outcomeOf } from "../src/payments";
import { MINUTE, SECOND } from "../src/platform/clock";
import { type Drift, describeDrift } from "../src/settlement/reconcile/drift";
import { reconcile } from "../src/settlement/reconcile/reconcile";
import { type Attempt, standingOf, startWebhookShop, type WebhookShop } from "./support/webhook-shop";

let shop: WebhookShop;
beforeAll(async () => {
  shop = await startWebhookShop();
});
beforeEach(() => {
  shop.script.mood = "answers";
  shop.script.calls.clear();
});
afterEach(async () => {
  shop.clock.advance(8 * 24 * 60 * MINUTE); // what a test left is too old for the next one
});
afterAll(() => shop.close());

/** Compares the books of the last week. */
async function compared(server: 0 | 1 = 0) {
  const told: Drift[] = [];
  const platform = server === 0 ? shop.platform : shop.second;
  const { drifts, unread } = await reconcile(platform, 7, (drift) => told.push(drift));
  expect(drifts).toBe(told.length);
  return { lines: told.map(describeDrift), unread };
}
const NONE = { lines: [], unread: [] };
const later = () => shop.clock.advance(2 * MINUTE);
const PAID = { status: "OPEN", paymentStatus: "PAID", reserved: 1, booked: 2 };
const numberOf = async ({ orderUuid }: Attempt) =>
  String((await shop.db.order.findUniqueOrThrow({ where: { id: orderUuid } })).number);

test("one in twenty webhooks is lost: ten minutes later all is as the provider has it; twice changes nothing", async () => {
  const attempts: Attempt[] = [];
  for (let count = 0; count < 20; count++) attempts.push(await shop.attempt("waits"));
  for (const [index, { key }] of attempts.entries()) {
    const paid = index % 4 !== 0;
    shop.script.decide(
      key,
      paid ? { status: "SUCCEEDED", captured: true } : { status: "FAILED", reason: "declined" },
    );
    if (index !== 7) await shop.deliver(shop.script.tell(key), index % 2);
  }
  expect((await standingOf(shop, attempts[7]!)).paymentStatus).toBe("PROCESSING");
  for (let waited = 0; waited < 10 * MINUTE; waited += 5 * SECOND) {
    shop.clock.advance(5 * SECOND);
    if (waited % (30 * SECOND) === 0) await shop.sweep();
  }
  const standings = () => Promise.all(attempts.map((attempt) => standingOf(shop, attempt)));
  const settled = await standings();
  for (const [index, { paymentStatus }] of settled.entries())
    expect(paymentStatus).toBe(index % 4 === 0 ? "FAILED" : "PAID");
  expect(await compared()).toEqual(NONE);
  expect(await compared(1)).toEqual(NONE);
  expect(await standings()).toEqual(settled);
});

test("money of an attempt that had failed, of which no webhook told, is found and taken in, once", async () => {
  const attempt = await shop.attempt("decline");
  shop.script.decide(attempt.key, { status: "SUCCEEDED", captured: true, reason: null });
  later();
  expect(await Promise.all([compared(), compared(1)])).toEqual([NONE, NONE]);
  expect(await standingOf(shop, attempt)).toMatchObject(PAID);
  const once = await standingOf(shop, attempt);
  expect(await compared()).toEqual(NONE);
  expect(await standingOf(shop, attempt)).toEqual(once);
});

test("an authorisation that we never heard of and that has ended since is nobody's loss", async () => {
  const attempt = await shop.attempt("decline");
  const call = shop.script.calls.get(attempt.key)!;
  shop.script.calls.set("listed", { ...call, outcome: outcomeOf("SUCCEEDED", { reference: randomUUID() }) });
  later();
  expect(await compared()).toEqual(NONE);
  expect(await standingOf(shop, attempt)).toMatchObject({ paymentStatus: "FAILED", booked: 0 });
});

test("theirs without ours: done at the provider, or under a key that nobody here asked with", async () => {
  await shop.attempt("success");
  const reference = "by-hand";
  const call = { key: "payop_nobody", kind: "REFUND" as const, amount: 100n, currency: "EUR" };
  shop.script.add(call, outcomeOf("SUCCEEDED", { reference }));
  later();
  expect((await compared()).lines).toEqual(["scripted REFUND payop_nobody: theirs 100 EUR, ours nothing"]);
});

test("ours without theirs, with the order's number; nothing is changed by looking", async () => {
  const attempt = await shop.attempt("success");
  shop.script.calls.delete(attempt.key);
  later();
  const number = await numberOf(attempt);
  const amount = attempt.operation.amount;
  const of = `${attempt.key} of order ${number}: theirs nothing, ours ${amount} EUR`;
  const lines = [`scripted AUTHORIZE ${of}`, `scripted CAPTURE ${of}`];
  expect((await compared()).lines.sort()).toEqual(lines);
  expect((await compared()).lines.sort()).toEqual(lines);
  expect(await standingOf(shop, attempt)).toMatchObject(PAID);
});

test("another amount, currency or kind", async () => {
  const [amount, currency, kind] = [
    await shop.attempt("success"),
    await shop.attempt("success"),
    await shop.attempt("success"),
  ];
  const change = ({ key }: Attempt, about: object) =>
    shop.script.calls.set(key, { ...shop.script.calls.get(key)!, ...about });
  change(amount, { amount: 1n });
  change(currency, { currency: "USD" });
  change(kind, { outcome: outcomeOf("SUCCEEDED", { reference: "authorized only" }) });
  later();
  const total = amount.operation.amount;
  const [one, two, three] = await Promise.all([amount, currency, kind].map(numberOf));
  const { lines } = await compared();
  expect(lines.sort()).toEqual(
    [
      `scripted AUTHORIZE ${amount.key} of order ${one}: theirs 1 EUR, ours ${total} EUR`,
      `scripted CAPTURE ${amount.key} of order ${one}: theirs 1 EUR, ours ${total} EUR`,
      `scripted AUTHORIZE ${currency.key} of order ${two}: theirs ${total} USD, ours ${total} EUR`,
      `scripted CAPTURE ${currency.key} of order ${two}: theirs ${total} USD, ours ${total} EUR`,
      `scripted CAPTURE ${kind.key} of order ${three}: theirs SUCCEEDED, ours ${total} EUR`,
    ].sort(),
  );
});

test("what moved just now, or is still under way, is no difference yet", async () => {
  const call = { key: "payop_just_now", kind: "REFUND" as const, amount: 100n, currency: "EUR" };
  shop.script.add(call);
  expect(await compared()).toEqual(NONE);
  const attempt = await shop.attempt("mute"); // leased by its request
  expect(await compared()).toEqual(NONE);
  expect(await standingOf(shop, attempt)).toMatchObject({ paymentStatus: "PROCESSING" });
});

test("a provider that does not answer is said to be unread, and what is open waits", async () => {
  const attempt = await shop.attempt("success");
  shop.script.calls.delete(attempt.key);
  shop.script.mood = "silent";
  later();
  expect(await compared()).toEqual({ lines: [], unread: ["scripted"] });
});

test("what the listing leaves out is asked for by its key before it is called a difference", async () => {
  const attempt = await shop.attempt("success");
  const call = shop.script.calls.get(attempt.key)!;
  call.at = new Date(call.at.getTime() - 60 * MINUTE); // dated otherwise than we do
  later();
  expect(await compared()).toEqual(NONE);
});

test("thousands of movements are compared in batches", async () => {
  const attempt = await shop.attempt("success");
  const [a, b] = ["payop_first", "payop_last"];
  const call = (key: string) => ({ key, kind: "REFUND" as const, amount: 100n, currency: "EUR" });
  shop.script.add(call(a));
  const own = shop.script.calls.get(attempt.key)!;
  shop.script.calls.delete(attempt.key);
  for (let count = 0; count < 1_200; count++) shop.script.calls.set(`again ${count}`, own);
  shop.script.calls.set(attempt.key, own);
  shop.script.add(call(b));
  later();
  expect((await compared()).lines).toEqual([
    `scripted REFUND ${a}: theirs 100 EUR, ours nothing`,
    `scripted REFUND ${b}: theirs 100 EUR, ours nothing`,
  ]);
});
