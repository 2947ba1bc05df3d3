import type { ProviderMovement } from "../src/payments";
import { newId, toId } from "../src/platform/ids";
import { aKey, anAuthorization, aPart } from "./provider-suite/harness";
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

test.each([
  ["the line cut", "cut after", 2],
  ["a 500 that is kept", { status: 500, done: true }, 1],
] as const)(
  "done and not heard of (%s): found by its key, done once, also when Stripe has forgotten the key",
  async (_what, fault, times) => {
    const { reference, intent } = await authorized();
    const [take, rest] = [aPart(reference, 6_00n), aPart(reference, 4_00n, { final: true })];
    const give = aPart(reference, 5_00n);
    for (const [kind, ask, path] of [
      ["CAPTURE", take, /capture$/],
      ["REFUND", give, /POST .*refunds$/],
      ["VOID", rest, /capture$/],
    ] as const) {
      const call = { CAPTURE: stripe.capture, REFUND: stripe.refund, VOID: stripe.void }[kind];
      expect(await stripe.lookUp({ ...ask, kind })).toBeNull();
      fake.fail(fault, path, times);
      await expect(call(ask)).rejects.toThrow();
      fake.forgetKeys();
      expect(await stripe.lookUp({ ...ask, kind })).toMatchObject({
        status: "SUCCEEDED",
        amount: ask.amount,
      });
    }
    expect(await stripe.capture(take)).toMatchObject({ status: "SUCCEEDED", amount: 6_00n }); // nothing more
    expect(intent().received).toBe(600);
    expect([...fake.state.refunds.values()].filter((one) => one.intent === reference)).toHaveLength(1);
  },
);

test("more than a page of refunds is searched through", async () => {
  const { reference } = await authorized("pm_card_visa", { capture: true, amount: 200_00n });
  const asks = Array.from({ length: 101 }, () => aPart(reference, 1_00n));
  for (const ask of asks) await stripe.refund(ask);
  expect(await stripe.lookUp({ ...asks[0]!, kind: "REFUND" })).toMatchObject({ status: "SUCCEEDED" });
});

test("the books: captures at the time that their key tells, what was let go with one, what was done by hand, nothing of strangers", async () => {
  fake.state.intents.clear();
  fake.state.refunds.clear();
  const at = new Date(Date.now() - 10_000);
  const own = keyOf(at);
  const [part, byHand, released] = [await authorized(), await authorized(), await authorized(ONE_CAPTURE)];
  await stripe.capture(aPart(part.reference, 1_00n, { key: own }));
  Object.assign(byHand.intent(), { received: 250 });
  const [last, back] = [aPart(released.reference, 9_00n), aPart(released.reference, 2_00n)];
  await stripe.capture(last);
  await stripe.refund(back);
  const lapsed = await authorized();
  await stripe.capture(aPart(lapsed.reference, 1_00n));
  fake.expire(lapsed.reference);
  const stranger = await authorized("pm_card_visa", { capture: true });
  const { reference: theirs } = await stripe.refund(aPart(stranger.reference, 1_00n));
  for (const object of [stranger.intent(), fake.state.refunds.get(theirs ?? "")!]) object.metadata = {};

  const found: ProviderMovement[] = [];
  for await (const one of stripe.movements(new Date(Date.now() - 60_000), new Date(Date.now() + 60_000)))
    found.push(one);
  const of = (key: string | null) =>
    found.filter((one) => one.key === key).map(({ kind, amount }) => `${kind} ${amount}`);
  for (const { ask } of [part, byHand, released, lapsed]) expect(of(ask.key)).toEqual(["AUTHORIZE 1000"]);
  expect(of(own)).toEqual(["CAPTURE 100"]);
  expect(of(last.key)).toEqual(["CAPTURE 900", "VOID 100"]);
  expect(of(back.key)).toEqual(["REFUND 200"]);
  expect(of(null).sort()).toEqual(["CAPTURE 250", "VOID 900"]);
  expect(found).toHaveLength(11);
  expect(found.find(({ key }) => key === own)?.at).toEqual(at);
});

/** The key of an operation that was opened at a moment. */
const keyOf = (at: Date) => {
  const time = at.getTime().toString(16).padStart(12, "0");
  return toId("payop", `${time.slice(0, 8)}-${time.slice(8)}-7${newId().slice(15)}`);
};

test("what was asked with no name, of a movement, is null", async () => {
  const never = { key: aKey(), reference: null, amount: 1_00n, currency: "EUR" };
  for (const kind of ["CAPTURE", "VOID", "REFUND"] as const)
    expect(await stripe.lookUp({ ...never, kind })).toBeNull();
});
