import { captureMark } from "../src/payments/stripe/metadata";
import { anAuthorization, aPart, lookUpOf } from "./provider-suite/harness";
import { type FakeStripe, startFakeStripe } from "./support/fake-stripe";
import { stripeFor } from "./support/stripe-harness";

let fake: FakeStripe;
let stripe: ReturnType<typeof stripeFor>;
beforeAll(async () => {
  fake = await startFakeStripe();
  stripe = stripeFor(fake);
});
afterAll(() => fake.close());

const ONE_CAPTURE = "pm_card_credit_disableEnterpriseCardFeatures";
async function authorized(token = "pm_card_visa", about: object = {}) {
  const ask = anAuthorization(token, about);
  const { reference } = await stripe.authorize(ask);
  return { ask, reference: reference ?? "", intent: () => fake.state.intents.get(reference ?? "")! };
}

test("with a card that allows one capture, a part releases the rest, which is said", async () => {
  const { ask, reference, intent } = await authorized(ONE_CAPTURE);
  const part = aPart(reference, 4_00n);
  const captured = { status: "SUCCEEDED", released: true, amount: 4_00n, currency: "EUR" };
  expect(await stripe.capture(part)).toMatchObject(captured);
  expect(intent()).toMatchObject({ status: "succeeded", received: 400 });
  expect(await stripe.lookUp({ ...part, kind: "CAPTURE" })).toMatchObject(captured);
  // Asked of the authorisation, its rest is gone.
  expect(await stripe.lookUp(lookUpOf(ask, reference))).toMatchObject({
    status: "FAILED",
    reason: "expired",
  });
});

test("with a card that allows several, the rest stays until it is captured or voided", async () => {
  const { reference, intent } = await authorized();
  for (const amount of [1_00n, 2_00n])
    expect(await stripe.capture(aPart(reference, amount))).toMatchObject({ released: false, amount });
  expect(intent()).toMatchObject({ status: "requires_capture", received: 300 });
  const rest = aPart(reference, 7_00n, { final: true });
  expect(await stripe.lookUp({ ...rest, kind: "VOID" })).toBeNull();
  const voided = await stripe.void(rest);
  expect(voided).toMatchObject({ status: "SUCCEEDED", amount: 7_00n });
  expect(await stripe.void(rest)).toEqual(voided);
  expect(await stripe.lookUp({ ...rest, kind: "VOID" })).toEqual(voided);
  expect(intent()).toMatchObject({ status: "succeeded", received: 300 });
});

test("captured in full by us, an authorisation is not taken for captured with itself", async () => {
  const { ask, reference } = await authorized();
  await stripe.capture(aPart(reference, 10_00n, { final: true }));
  expect(await stripe.lookUp(lookUpOf(ask, reference))).toMatchObject({
    status: "SUCCEEDED",
    captured: false,
  });
});

test("a capture that left its mark and took nothing did not take place, and can be asked for again", async () => {
  const { reference, intent } = await authorized();
  await stripe.capture(aPart(reference, 2_00n));
  const ask = aPart(reference, 3_00n);
  Object.assign(intent().metadata, captureMark(ask.key, 300));
  expect(await stripe.lookUp({ ...ask, kind: "CAPTURE" })).toBeNull();
  expect(await stripe.capture(ask)).toMatchObject({ status: "SUCCEEDED", amount: 3_00n });
  expect(intent().received).toBe(500);
});

test("a part of an authorisation can't be let go while the rest is held", async () => {
  const { reference, intent } = await authorized();
  expect(await stripe.void(aPart(reference, 1_00n))).toMatchObject({ status: "FAILED", reason: "refused" });
  expect(intent().status).toBe("requires_capture");
});

test.each(["expired", "automatic"])(
  "an authorisation that ended at Stripe (%s) says so, and can't be captured",
  async (because) => {
    const { ask, reference, intent } = await authorized();
    fake.expire(reference);
    intent().cancellation_reason = because;
    const gone = { status: "FAILED", reason: "expired" };
    expect(await stripe.lookUp(lookUpOf(ask, reference))).toMatchObject(gone);
    expect(await stripe.capture(aPart(reference, 1_00n))).toMatchObject({ status: "FAILED" });
    const partly = await authorized();
    await stripe.capture(aPart(partly.reference, 1_00n));
    fake.expire(partly.reference);
    expect(await stripe.lookUp(lookUpOf(partly.ask, partly.reference))).toMatchObject(gone);
  },
);

test("what was captured at Stripe by hand is not taken for our doing", async () => {
  const [part, all] = [await authorized(), await authorized()];
  Object.assign(part.intent(), { received: 400, status: "succeeded" });
  expect(await stripe.lookUp(lookUpOf(part.ask, part.reference))).toMatchObject({ status: "UNKNOWN" });
  Object.assign(all.intent(), { received: 1000, status: "succeeded" });
  expect(await stripe.lookUp(lookUpOf(all.ask, all.reference))).toMatchObject({
    ...{ status: "SUCCEEDED", captured: true, amount: 10_00n },
  });
});

test("a refund may take days, and may fail in the end", async () => {
  fake.state.refundStatus = "pending";
  for (const [end, status] of [
    ["succeeded", "SUCCEEDED"],
    ["failed", "FAILED"],
  ] as const) {
    const { reference } = await authorized("pm_card_visa", { capture: true });
    const ask = aPart(reference, 3_00n);
    const pending = await stripe.refund(ask);
    expect(pending.status).toBe("PENDING");
    fake.settleRefund(pending.reference ?? "", end);
    expect(await stripe.lookUp({ ...ask, kind: "REFUND" })).toMatchObject({ status });
  }
  fake.state.refundStatus = "succeeded";
});

test("a buyer who confirms at the last moment is not called off", async () => {
  const { ask, reference, intent } = await authorized("pm_card_authenticationRequired", { capture: true });
  fake.fail("cut before", /cancel$/, 2);
  await expect(stripe.cancel(lookUpOf(ask, reference))).rejects.toThrow();
  fake.fail({ status: 500, done: false }, /cancel$/);
  await expect(stripe.cancel(lookUpOf(ask, reference))).rejects.toThrow();
  fake.confirm(reference);
  expect(await stripe.cancel(lookUpOf(ask, null))).toMatchObject({ status: "SUCCEEDED", captured: true });
  expect(intent().status).toBe("succeeded");
  expect(await stripe.cancel(lookUpOf(anAuthorization("pm_card_visa"), null))).toMatchObject({
    status: "UNKNOWN",
  });
});

test("a buyer who confirms while he is called off has paid, or was called off; never both", async () => {
  for (const [capture, status, stands] of [
    [true, "SUCCEEDED", "succeeded"],
    [false, "FAILED", "canceled"],
  ] as const) {
    const { ask, reference, intent } = await authorized("pm_card_authenticationRequired", { capture });
    fake.fail({ meanwhile: () => fake.confirm(reference) }, /cancel$/);
    expect(await stripe.cancel(lookUpOf(ask, reference))).toMatchObject({ status });
    expect(intent().status).toBe(stands);
  }
});

test("an authorisation that ends while it is captured is not captured", async () => {
  const { reference, intent } = await authorized();
  const ask = aPart(reference, 1_00n);
  fake.fail({ meanwhile: () => fake.expire(reference) }, /capture$/);
  expect(await stripe.capture(ask)).toMatchObject({ status: "FAILED", reason: "refused" });
  expect(await stripe.lookUp({ ...ask, kind: "CAPTURE" })).toBeNull();
  expect(intent().received).toBe(0);
});
