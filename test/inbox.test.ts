import { DAY, MINUTE, SECOND } from "../src/platform/clock";
import { expectBooksInOrder } from "./support/verify";
import {
  type Attempt,
  inboxOf,
  standingOf,
  startWebhookShop,
  type WebhookShop,
} from "./support/webhook-shop";

let shop: WebhookShop;
beforeAll(async () => {
  shop = await startWebhookShop();
});
beforeEach(() => {
  shop.script.mood = "answers";
  for (const point of Object.keys(shop.moments)) delete shop.moments[point as keyof typeof shop.moments];
});
afterAll(() => shop.close());

const WAITING = { status: "PENDING", paymentStatus: "PROCESSING", cart: "ACTIVE", reserved: 1 };
const PAID = { status: "OPEN", paymentStatus: "PAID", cart: "ORDERED", reserved: 1, booked: 2 };
const DECLINED = { status: "PENDING", paymentStatus: "FAILED", cart: "ACTIVE", reserved: 0, booked: 0 };

/** An attempt whose outcome the provider has and we don't. */
async function undecided(): Promise<Attempt> {
  const attempt = await shop.attempt("waits");
  shop.script.decide(attempt.key, { status: "SUCCEEDED", captured: true });
  return attempt;
}
const fail = () => {
  throw new Error("the server died here");
};

test.each(["webhook.stored", "webhook.processing"] as const)(
  "what was kept is not lost when the server dies at %s: the sweep does it, on whichever server",
  async (point) => {
    const attempt = await undecided();
    shop.moments[point] = fail;
    expect(await shop.deliver(shop.script.tell(attempt.key))).toBe(200);
    expect(await standingOf(shop, attempt)).toMatchObject(WAITING);
    expect(await inboxOf(shop, attempt.key)).toMatchObject([{ state: "RECEIVED" }]);
    delete shop.moments[point];
    shop.clock.advance(4 * SECOND);
    await shop.sweep();
    expect(await inboxOf(shop, attempt.key)).toMatchObject([{ state: "RECEIVED" }]); // still in somebody's hand
    shop.clock.advance(2 * SECOND);
    await Promise.all([shop.sweep(), shop.sweep(1), shop.sweep(), shop.sweep(1)]);
    expect(await standingOf(shop, attempt)).toMatchObject(PAID);
    expect(await inboxOf(shop, attempt.key)).toMatchObject([{ state: "PROCESSED" }]);
  },
);

test("nothing is kept when the server dies before: the provider is not thanked and tells it again", async () => {
  const attempt = await undecided();
  const sent = shop.script.tell(attempt.key);
  shop.moments["webhook.verified"] = fail;
  expect(await shop.deliver(sent)).toBe(500);
  expect(await inboxOf(shop, attempt.key)).toEqual([]);
  delete shop.moments["webhook.verified"];
  expect(await shop.deliver(sent)).toBe(200);
  expect(await standingOf(shop, attempt)).toMatchObject(PAID);
});

test("a slow effect does not keep the provider waiting, and comes all the same", async () => {
  const attempt = await undecided();
  let free = () => {};
  const held = new Promise<void>((done) => (free = done));
  shop.moments["webhook.processing"] = () => held;
  const started = performance.now();
  expect(await shop.deliver(shop.script.tell(attempt.key))).toBe(200);
  expect(performance.now() - started).toBeLessThan(2_000);
  shop.clock.advance(6 * SECOND);
  delete shop.moments["webhook.processing"];
  await shop.sweep(1); // the event is held by who is at it
  expect(await standingOf(shop, attempt)).toMatchObject(WAITING);
  free();
  await shop.until(async () => (await standingOf(shop, attempt)).status === "OPEN");
  expect(await standingOf(shop, attempt)).toMatchObject(PAID);
});

test("an event that always fails holds up no other, and is put before a person after minutes", async () => {
  const [poison, good] = [await undecided(), await undecided()];
  const method = { brand: "visa", last4: "4242", expiryMonth: 10 ** 12, expiryYear: 2030 }; // no month that fits
  await shop.deliver(shop.script.tell(poison.key, { outcome: { method } }));
  shop.moments["webhook.stored"] = fail;
  await shop.deliver(shop.script.tell(good.key));
  shop.clock.advance(6 * SECOND);
  await shop.events();
  expect(await standingOf(shop, poison)).toMatchObject(WAITING);
  expect(await standingOf(shop, good)).toMatchObject(PAID);

  const tries = new Set<string>();
  for (let second = 0; second < 235; second += 5) {
    const [kept] = await inboxOf(shop, poison.key);
    expect(kept?.state).toBe("RECEIVED");
    tries.add(String(kept?.processedAt?.getTime()));
    await shop.events();
    shop.clock.advance(5 * SECOND);
  }
  expect(tries.size).toBeGreaterThan(5);
  expect(tries.size).toBeLessThan(15); // ever more seldom
  shop.clock.advance(2 * MINUTE);
  await shop.events();
  const note = "could not be taken into account";
  expect(await inboxOf(shop, poison.key)).toMatchObject([{ state: "REVIEW", note }]);
  await shop.sweep();
  expect(await standingOf(shop, poison)).toMatchObject(PAID); // the provider was asked instead
});

test.each([
  ["another amount", { outcome: { amount: 1n } }, /^mismatch: amount 1 instead of \d+$/],
  ["another currency", { outcome: { currency: "USD" } }, /^mismatch: currency USD instead of EUR$/],
  ["another order", { orderNumber: "1" }, /^mismatch: order 1 instead of \d+$/],
  ["another kind", { kind: "REFUND" as const }, /^mismatch: kind REFUND instead of AUTHORIZE$/],
  ["a key that is not ours", { key: "payop_nobody" }, /^not ours/],
  ["no key: done at the provider", { key: null }, /^not ours/],
])("%s: thanked, but no order is paid by it; a person has to look", async (_what, about, note) => {
  const attempt = await undecided();
  expect(await shop.deliver(shop.script.tell(attempt.key, about, { id: `evt_${attempt.key}` }))).toBe(200);
  expect(await standingOf(shop, attempt)).toMatchObject({ ...WAITING, booked: 0 });
  const kept = await shop.db.providerEvent.findFirstOrThrow({ where: { eventId: `evt_${attempt.key}` } });
  expect(kept).toMatchObject({ state: "REVIEW", note: expect.stringMatching(note) });
  const alert = { level: 50, msg: "a provider's event is for a person to look at", eventId: kept.eventId };
  expect(shop.logged).toContainEqual(expect.objectContaining({ ...alert, note: kept.note }));
});

test("an event of other money than the provider's (a test event where it is real) pays for nothing", async () => {
  const attempt = await undecided();
  expect(await shop.deliver(shop.script.tell(attempt.key, {}, { live: true }))).toBe(200);
  expect(await standingOf(shop, attempt)).toMatchObject({ ...WAITING, booked: 0 });
  expect(await inboxOf(shop, attempt.key)).toMatchObject([
    { state: "REVIEW", note: expect.stringMatching(/money/) },
  ]);
});

test("another provider's key is not ours", async () => {
  const attempt = await undecided();
  await shop.db
    .$executeRaw`UPDATE payment_operations SET provider = 'other' WHERE idempotency_key = ${attempt.key}`;
  expect(await shop.deliver(shop.script.tell(attempt.key))).toBe(200);
  expect(await inboxOf(shop, attempt.key)).toMatchObject([{ state: "REVIEW" }]);
  await shop.db
    .$executeRaw`UPDATE payment_operations SET provider = 'scripted' WHERE idempotency_key = ${attempt.key}`;
  expect(await standingOf(shop, attempt)).toMatchObject({ ...WAITING, booked: 0 });
});

test("late money by webhook opens the order, once the provider stands by it; older news changes nothing", async () => {
  const attempt = await shop.attempt("decline");
  expect(await standingOf(shop, attempt)).toMatchObject(DECLINED);
  const told = { outcome: { status: "SUCCEEDED" as const, captured: true, reason: null } };
  expect(await shop.deliver(shop.script.tell(attempt.key, told))).toBe(200);
  expect(await standingOf(shop, attempt)).toMatchObject(DECLINED); // it says FAILED when it is asked
  shop.script.decide(attempt.key, { status: "SUCCEEDED", captured: true, reason: null });
  shop.script.mood = "silent";
  expect(await shop.deliver(shop.script.tell(attempt.key))).toBe(200);
  expect(await standingOf(shop, attempt)).toMatchObject(DECLINED); // nobody confirms it yet
  shop.script.mood = "answers";
  shop.clock.advance(6 * SECOND);
  await shop.events();
  expect(await standingOf(shop, attempt)).toMatchObject(PAID);
  expect((await inboxOf(shop, attempt.key)).map(({ state }) => state)).toEqual(["IGNORED", "PROCESSED"]);
});

test("late money that a provider told of before it fell silent for an hour counts by itself when it is back", async () => {
  shop.clock.advance(MINUTE);
  await shop.sweep(); // what other tests left open
  const attempt = await shop.attempt("decline");
  shop.script.mood = "silent";
  shop.script.decide(attempt.key, { status: "SUCCEEDED", captured: true, reason: null });
  expect(await shop.deliver(shop.script.tell(attempt.key))).toBe(200);
  for (let minute = 0; minute < 60; minute++) {
    shop.clock.advance(MINUTE);
    await shop.events();
  }
  expect(await inboxOf(shop, attempt.key)).toMatchObject([{ state: "RECEIVED" }]);
  await expectBooksInOrder(shop.platform);
  shop.script.mood = "answers";
  shop.clock.advance(10 * MINUTE);
  await shop.events();
  expect(await standingOf(shop, attempt)).toMatchObject(PAID);
  expect(await inboxOf(shop, attempt.key)).toMatchObject([{ state: "PROCESSED", note: null }]);
});

test("what a provider does not confirm for a day is put before a person", async () => {
  const attempt = await shop.attempt("decline");
  shop.script.mood = "silent";
  shop.script.decide(attempt.key, { status: "SUCCEEDED", captured: true, reason: null });
  await shop.deliver(shop.script.tell(attempt.key));
  shop.clock.advance(DAY + MINUTE);
  await shop.events();
  expect(await inboxOf(shop, attempt.key)).toMatchObject([{ state: "REVIEW" }]);
});

test("request, webhook and reconciler at once on two servers: one effect", async () => {
  const attempt = await shop.attempt("mute");
  shop.clock.advance(31 * SECOND);
  const [one, other] = [shop.script.tell(attempt.key), shop.script.tell(attempt.key)];
  const resume = () => shop.checkOutAgain(attempt);
  await Promise.all([
    ...[shop.sweep(), shop.deliver(one), shop.sweep(1), shop.deliver(one, 1), resume()],
    ...[shop.deliver(other), shop.sweep(), shop.deliver(other, 1), shop.sweep(1), resume()],
  ]);
  expect(await standingOf(shop, attempt)).toMatchObject(PAID);
  expect(await inboxOf(shop, attempt.key)).toMatchObject([{ state: "PROCESSED" }, { state: "PROCESSED" }]);
});

test("an event that comes before our own request has heard its answer", async () => {
  let early: Promise<number> | undefined;
  shop.moments["provider.answered"] = async () => {
    delete shop.moments["provider.answered"];
    const [key] = [...shop.script.calls.keys()].slice(-1);
    early = shop.deliver(shop.script.tell(key!), 1);
    expect(await early).toBe(200);
  };
  const attempt = await shop.attempt("success");
  expect(early).toBeDefined();
  expect(await standingOf(shop, attempt)).toMatchObject(PAID);
});
