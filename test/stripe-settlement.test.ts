import { MINUTE, SECOND } from "../src/platform/clock";
import { describeDrift } from "../src/settlement/reconcile/drift";
import { reconcile } from "../src/settlement/reconcile/reconcile";
import { aPerson, type Person } from "./support/person";
import { anOrderOf, euros, settledAs, settlementsOf, standingOf } from "./support/settlements";
import { type StripeShop, startStripeShop } from "./support/stripe-shop";

let shop: StripeShop;
let staff: Person;
beforeAll(async () => {
  shop = await startStripeShop({ PAYMENT_CAPTURE: "manual" });
});
beforeEach(async () => {
  shop.fake.state.events.length = 0;
  staff = await aPerson(shop.app, "STAFF"); // the clock moves on, and tokens end
});
afterAll(() => shop.close());

/** An order of 100.00 EUR whose money is authorised; `intent` is Stripe's side of it. */
async function anOrder(token = "pm_card_visa") {
  const order = await anOrderOf(shop.app, token);
  const where = { paymentId: order.paymentUuid, kind: "AUTHORIZE" } as const;
  const { idempotencyKey } = await shop.db.paymentOperation.findFirstOrThrow({ where });
  const [intent] = shop.fake.intentsOf(idempotencyKey);
  const settle = settlementsOf(shop.ask, staff);
  return {
    intent: intent!,
    standing: () => standingOf(shop, order),
    capture: (amount: number) =>
      settle("capturePayment", { paymentId: order.paymentId, amount: euros(amount) }),
    void: () => settle("voidPayment", { paymentId: order.paymentId }),
    refund: (amount: number) =>
      settle("refundPayment", { paymentId: order.paymentId, amount: euros(amount) }),
  };
}

/** What Stripe's books and ours don't agree upon. */
async function drifts() {
  shop.clock.advance(2 * MINUTE);
  const told: string[] = [];
  const { unread } = await reconcile(shop.app.platform, 1, (drift) => told.push(describeDrift(drift)));
  return [...told, ...unread];
}

test("captured in parts, the rest voided, refunded in parts: Stripe's books, its webhooks and ours agree", async () => {
  const order = await anOrder();
  for (const answer of [
    await order.capture(30_00),
    await order.capture(20_00),
    await order.void(),
    await order.refund(10_00),
    await order.refund(5_00),
  ])
    expect(settledAs(answer)).toBe("OK");
  const sums = { authorized: 100_00, captured: 50_00, voided: 50_00, refunded: 15_00, underWay: 0 };
  expect(await order.standing()).toMatchObject({ ...sums, paymentStatus: "PARTIALLY_REFUNDED" });
  expect(order.intent).toMatchObject({ status: "succeeded", received: 50_00 });
  expect(settledAs(await order.refund(35_01))).toBe("REFUND_EXCEEDS_CAPTURED");
  const before = await order.standing();
  expect(await shop.deliver()).toEqual([200, 200, 200, 200, 200, 200]);
  expect(await order.standing()).toEqual(before);
  expect(await drifts()).toEqual([]);
});

test("a card that allows one capture: what it leaves is booked as voided", async () => {
  const order = await anOrder("pm_card_credit_disableEnterpriseCardFeatures");
  expect(settledAs(await order.capture(30_00))).toBe("OK");
  const sums = { authorized: 100_00, captured: 30_00, voided: 70_00, underWay: 0 };
  expect(await order.standing()).toMatchObject(sums);
  expect(settledAs(await order.capture(1_00))).not.toBe("OK");
  await shop.deliver();
  expect(await order.standing()).toMatchObject(sums);
  expect(await drifts()).toEqual([]);
});

test.each([
  ["the line cut", "cut after", 2],
  ["a 500 though it was done", { status: 500, done: true }, 1],
  ["too many calls", { status: 429, done: false }, 1],
] as const)("%s: captured, refunded and voided once, when it is looked for", async (_what, fault, times) => {
  const order = await anOrder();
  for (const [call, path] of [
    [() => order.capture(40_00), /capture$/],
    [() => order.refund(15_00), /^POST .*refunds$/],
    [() => order.void(), /capture$/],
  ] as const) {
    shop.fake.fail(fault, path, times);
    const { data } = await call();
    expect(Object.values<{ operation: object }>(data)[0]?.operation).toMatchObject({ status: "UNKNOWN" });
    await shop.sweepLater(31 * SECOND);
  }
  const sums = { authorized: 100_00, captured: 40_00, voided: 60_00, refunded: 15_00, underWay: 0 };
  expect(await order.standing()).toMatchObject(sums);
  expect(order.intent).toMatchObject({ status: "succeeded", received: 40_00 });
  expect(await drifts()).toEqual([]);
});

test("an authorisation that Stripe lets go is booked as voided, by its webhook", async () => {
  const order = await anOrder();
  shop.fake.expire(order.intent.id);
  await shop.deliver();
  expect(await order.standing()).toMatchObject({ paymentStatus: "VOIDED", captured: 0, voided: 100_00 });
  expect(await drifts()).toEqual([]);
});

test("a refund that takes days is done when Stripe says so", async () => {
  const order = await anOrder();
  await order.capture(100_00);
  shop.fake.state.refundStatus = "pending";
  const { data } = await order.refund(25_00);
  shop.fake.state.refundStatus = "succeeded";
  expect(data.refundPayment.operation).toMatchObject({ status: "PENDING" });
  expect(await order.standing()).toMatchObject({ refunded: 0, underWay: 25_00 });
  const [refund] = [...shop.fake.state.refunds.values()].filter(({ intent }) => intent === order.intent.id);
  shop.fake.settleRefund(refund!.id, "succeeded");
  await shop.deliver();
  expect(await order.standing()).toMatchObject({ refunded: 25_00, underWay: 0 });
  expect(await drifts()).toEqual([]);
});

test("a refund made at Stripe by hand is for a person, and the books' difference is said", async () => {
  const order = await anOrder();
  for (const answer of [await order.capture(100_00), await order.refund(10_00)])
    expect(settledAs(answer)).toBe("OK");
  const told = shop.fake.state.events.at(-1)!;
  shop.fake.state.events = [{ ...told, id: "evt_by_hand", body: byHand(told.body) }];
  for (const refund of shop.fake.state.refunds.values())
    if (refund.intent === order.intent.id)
      shop.fake.state.refunds.set("re_by_hand", { ...refund, id: "re_by_hand", metadata: {} });
  expect(await shop.deliver()).toEqual([200]);
  const where = { eventId: "evt_by_hand" };
  expect(await shop.db.providerEvent.findFirstOrThrow({ where })).toMatchObject({ state: "REVIEW" });
  expect(await order.standing()).toMatchObject({ refunded: 10_00 });
  expect(await drifts()).toEqual(["stripe REFUND re_by_hand: theirs 1000 EUR, ours nothing"]);
});

/** The same event of a refund that carries nothing of ours. */
function byHand(body: string): string {
  const event = JSON.parse(body);
  const object = { ...event.data.object, id: "re_by_hand", metadata: {} };
  return JSON.stringify({ ...event, id: "evt_by_hand", data: { object } });
}
