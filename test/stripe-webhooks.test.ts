import type { Webhook } from "../src/payments";
import { anAuthorization, aPart } from "./provider-suite/harness";
import { type FakeStripe, startFakeStripe } from "./support/fake-stripe";
import { stripeFor } from "./support/stripe-harness";

let fake: FakeStripe;
let stripe: ReturnType<typeof stripeFor>;
beforeAll(async () => {
  fake = await startFakeStripe();
  stripe = stripeFor(fake);
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.state.events.length = 0;
});

type Read = Extract<Webhook, { genuine: true }>;
function read(text: string): Read {
  const body = Buffer.from(text);
  const webhook = stripe.readWebhook(body, fake.sign(body, new Date()), new Date());
  if (!webhook.genuine) throw new Error(webhook.why);
  return webhook;
}
/** All that was told since the test began, in order. */
const told = () => fake.state.events.map(({ body }) => read(body));
const anEvent = (type: string, object: object, livemode = false) =>
  JSON.stringify({ id: "evt_1", object: "event", type, livemode, data: { object } });

test("each step of a payment is told under the key of the call that it answers", async () => {
  const ask = anAuthorization("pm_card_visa");
  const { reference } = await stripe.authorize(ask);
  const [part, rest, back] = [
    aPart(reference, 3_00n),
    aPart(reference, 7_00n, { final: true }),
    aPart(reference, 1_00n),
  ];
  const captured = await stripe.capture(part);
  const voided = await stripe.void(rest);
  const refunded = await stripe.refund(back);
  const steps = told().map(({ type, event }) => [type, event?.kind, event?.key, event?.orderNumber]);
  expect(steps).toEqual([
    ["payment_intent.amount_capturable_updated", "AUTHORIZE", ask.key, "1042"],
    ["payment_intent.amount_capturable_updated", "CAPTURE", part.key, "1042"],
    ["payment_intent.succeeded", "VOID", rest.key, "1042"],
    ["refund.created", "REFUND", back.key, null],
  ]);
  const [, capture, end, refund] = told();
  expect(capture?.event?.outcome).toEqual(captured);
  expect(end?.event?.outcome).toEqual(voided);
  expect(refund?.event?.outcome).toEqual(refunded);
});

test("a cancelled authorisation is its void, one that nobody asked to end has expired", async () => {
  const [ours, theirs] = [anAuthorization("pm_card_visa"), anAuthorization("pm_card_visa")];
  const { reference } = await stripe.authorize(ours);
  const all = aPart(reference, 10_00n, { final: true });
  await stripe.void(all);
  expect(told().at(-1)?.event).toMatchObject({ key: all.key, kind: "VOID", outcome: { amount: 10_00n } });
  fake.expire((await stripe.authorize(theirs)).reference ?? "");
  expect(told().at(-1)?.event).toMatchObject({
    ...{ key: theirs.key, kind: "AUTHORIZE", outcome: { status: "FAILED", reason: "expired" } },
  });
});

test("buyers that confirm, refuse, or pay by debit", async () => {
  const lastOf = () => told().at(-1)?.event?.outcome;
  const [yes, no, debit] = await Promise.all(
    ["pm_card_authenticationRequired", "pm_card_authenticationRequired", "pm_usBankAccount_success"].map(
      async (token) => (await stripe.authorize(anAuthorization(token, { capture: true }))).reference ?? "",
    ),
  );
  expect(
    told()
      .map(({ event }) => event?.outcome.status)
      .sort(),
  ).toEqual([...["ACTION_REQUIRED", "ACTION_REQUIRED", "PENDING"]]);
  fake.confirm(yes!);
  expect(lastOf()).toMatchObject({ status: "SUCCEEDED", captured: true, amount: 10_00n, currency: "EUR" });
  fake.refuse(no!);
  expect(lastOf()).toMatchObject({ status: "FAILED", reason: "authentication_failed" });
  fake.arrive(debit!);
  expect(lastOf()).toMatchObject({ status: "SUCCEEDED", captured: true });
});

test("a method that is set up for nothing is told as its authorisation", async () => {
  const ask = anAuthorization(fake.aMethod("pm_card_visa"), {
    ...{ amount: 0n, capture: true, save: true, customer: await stripe.createCustomer!("acct_1") },
  });
  await stripe.authorize(ask);
  expect(told()).toMatchObject([
    {
      type: "setup_intent.succeeded",
      event: { key: ask.key, outcome: { status: "SUCCEEDED", captured: true } },
    },
  ]);
});

test("amounts are in our units: 500 ISK at Stripe are 5", async () => {
  await stripe.authorize(anAuthorization("pm_card_visa", { amount: 5n, currency: "ISK", capture: true }));
  expect(JSON.parse(fake.state.events[0]!.body).data.object.amount).toBe(500);
  expect(told()[0]?.event?.outcome).toMatchObject({ amount: 5n, currency: "ISK" });
});

test("refunds and disputes that nobody here asked for have no key: a person has to look", async () => {
  const { reference } = await stripe.authorize(anAuthorization("pm_card_visa", { capture: true }));
  await stripe.refund(aPart(reference, 2_00n));
  const byHand = JSON.parse(fake.state.events.at(-1)!.body);
  byHand.data.object.metadata = {};
  expect(read(JSON.stringify(byHand)).event).toMatchObject({
    key: null,
    kind: "REFUND",
    outcome: { amount: 2_00n },
  });
  const dispute = { id: "dp_1", object: "dispute", amount: 1000, currency: "eur", payment_intent: reference };
  expect(read(anEvent("charge.dispute.created", dispute)).event).toMatchObject({
    ...{ key: null, outcome: { status: "UNKNOWN", reference: "dp_1", amount: 10_00n, currency: "EUR" } },
  });
});

test("what others do in the same account, and what we don't act upon, is heard and left alone", async () => {
  await stripe.authorize(anAuthorization("pm_card_visa"));
  const others = JSON.parse(fake.state.events[0]!.body);
  others.data.object.metadata = {};
  for (const text of [JSON.stringify(others), anEvent("customer.created", { object: "customer" })])
    expect(read(text)).toMatchObject({ genuine: true, event: null });
  expect(read(anEvent("customer.created", { object: "customer" }, true))).toMatchObject({ live: true });
});

test("what happened in another account than the shop's is not ours, whatever key it bears", async () => {
  await stripe.authorize(anAuthorization("pm_card_visa"));
  const theirs = { ...JSON.parse(fake.state.events[0]!.body), account: "acct_another" };
  expect(told()[0]?.event?.key).toMatch(/./);
  expect(read(JSON.stringify(theirs)).event).toMatchObject({ key: null, kind: "AUTHORIZE" });
});

test("an object that is not what its event says is unreadable, not a fault", () => {
  for (const object of [
    { object: "payment_intent" },
    { object: "x", metadata: { tillgraph_key: "k" }, status: "succeeded" },
  ]) {
    const body = Buffer.from(anEvent("payment_intent.succeeded", object));
    expect(stripe.readWebhook(body, fake.sign(body, new Date()), new Date())).toEqual({
      genuine: false,
      why: "unreadable",
    });
  }
});
