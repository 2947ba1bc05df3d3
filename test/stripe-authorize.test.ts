import { createLog, type Logger } from "../src/platform/log";
import { anAuthorization, lookUpOf } from "./provider-suite/harness";
import { type FakeStripe, startFakeStripe } from "./support/fake-stripe";
import { type Form, readForm } from "./support/fake-stripe/form";
import { stripeFor } from "./support/stripe-harness";

let fake: FakeStripe;
let stripe: ReturnType<typeof stripeFor>;
beforeAll(async () => {
  fake = await startFakeStripe();
  stripe = stripeFor(fake, { timeoutMs: 2_000 });
});
afterAll(() => fake.close());

const lastAsked = (): Form => readForm(fake.calls.at(-1)?.text ?? "");
const PAY = /^POST \/v1\/payment_intents$/;

test("an authorisation is one call, with our key, the order's number and nothing about the buyer", async () => {
  const ask = anAuthorization("pm_card_visa", { capture: true });
  expect(await stripe.authorize(ask)).toMatchObject({
    ...{ status: "SUCCEEDED", captured: true, amount: 10_00n, currency: "EUR" },
    method: { brand: "visa", last4: "4242", expiryMonth: 12, expiryYear: 2034 },
  });
  expect(lastAsked()).toEqual({
    ...{ amount: "1000", currency: "eur", confirm: "true", capture_method: "automatic" },
    ...{ payment_method: "pm_card_visa", return_url: ask.returnUrl, expand: ["latest_charge"] },
    automatic_payment_methods: { enabled: "true" },
    metadata: { tillgraph_key: ask.key, tillgraph_order: "1042" },
  });
  const { headers } = fake.calls.at(-1)!;
  expect(headers["idempotency-key"]).toBe(ask.key);
  expect(headers["user-agent"]).toContain("Tillgraph");
});

test("authorised alone, it asks for several captures; without a place to return to, for no method that needs one", async () => {
  await stripe.authorize(anAuthorization("pm_card_visa", { returnUrl: null }));
  const asked = lastAsked();
  expect(asked).toMatchObject({
    capture_method: "manual",
    payment_method_options: { card: { request_multicapture: "if_available" } },
    automatic_payment_methods: { enabled: "true", allow_redirects: "never" },
  });
  expect(asked).not.toHaveProperty("return_url");
});

test("3-D Secure: the buyer is sent to the bank where he can come back, else his client is given the secret", async () => {
  const there = await stripe.authorize(anAuthorization("pm_card_authenticationRequired"));
  expect(there.nextAction).toMatchObject({ type: "REDIRECT", clientSecret: null });
  expect(there.nextAction?.url).toMatch(/^https:\/\/hooks\.stripe\./);
  const here = await stripe.authorize(anAuthorization("pm_card_authenticationRequired", { returnUrl: null }));
  const clientSecret = expect.stringContaining(`${here.reference}_secret_`);
  expect(here.nextAction).toEqual({ type: "CLIENT_CONFIRM", url: null, clientSecret });
});

test.each([
  ["pm_card_chargeDeclined", "declined"],
  ["pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"],
  ["pm_card_chargeDeclinedFraudulent", "declined"], // nobody is told that he is suspected
  ["pm_card_chargeDeclinedExpiredCard", "payment_method_invalid"],
  ["pm_nobodys", "payment_method_invalid"],
])("%s: FAILED (%s), also when it is looked up", async (token, reason) => {
  const ask = anAuthorization(token);
  const outcome = await stripe.authorize(ask);
  expect(outcome).toMatchObject({ status: "FAILED", reason, captured: false });
  const found = await stripe.lookUp(lookUpOf(ask, outcome.reference));
  if (token === "pm_nobodys") expect(found).toBeNull();
  else expect(found).toEqual(outcome);
});

test.each([
  [5_124n, "KWD"],
  [12_50n, "MGA"],
])(
  "%s minor units of %s, which Stripe does not know, are refused unasked, not rounded",
  async (amount, currency) => {
    const before = fake.calls.length;
    const ask = anAuthorization("pm_card_visa", { amount, currency });
    expect(await stripe.authorize(ask)).toMatchObject({ status: "FAILED", reason: "refused" });
    expect(fake.calls).toHaveLength(before);
  },
);

test("a bank debit is PENDING for days, then there", async () => {
  const ask = anAuthorization("pm_usBankAccount_success", { capture: true });
  const { status, reference } = await stripe.authorize(ask);
  expect(status).toBe("PENDING");
  fake.arrive(reference ?? "");
  expect(await stripe.lookUp(lookUpOf(ask, reference))).toMatchObject({
    status: "SUCCEEDED",
    captured: true,
  });
});

test("what Stripe refuses is in the log by the request's id, without what was asked; a decline is not", async () => {
  const warned: object[] = [];
  const log = { ...createLog("silent"), warn: (about: object) => warned.push(about) } as unknown as Logger;
  const watched = stripeFor(fake, { log });
  await watched.authorize(anAuthorization("pm_card_chargeDeclined"));
  await watched.authorize(anAuthorization("pm_nobodys"));
  expect(warned).toEqual([{ status: 404, requestId: expect.stringMatching(/^req_/) }]);
});

describe("when it is not known what happened, it is thrown, and one charge is found later", () => {
  test.each([
    ["the line cut before", "cut before", 2],
    ["the line cut after", "cut after", 2],
    ["no answer in time", { slowMs: 4_000 }, 1],
    ["busy with the same key", { status: 409, done: false }, 1],
    ["too many calls", { status: 429, done: false }, 1],
    ["broken before it worked", { status: 500, done: false }, 1],
    ["broken after it worked", { status: 500, done: true }, 1],
    ["away", { status: 503, done: false }, 1],
  ] as const)("%s", async (_what, fault, times) => {
    const ask = anAuthorization("pm_card_visa", { capture: true });
    fake.fail(fault, PAY, times); // the package tries a cut line once more
    await expect(stripe.authorize(ask)).rejects.toThrow();
    const found = (await stripe.lookUp(lookUpOf(ask, null))) ?? (await stripe.authorize(ask)); // as settling does
    expect(found).toMatchObject({ status: "SUCCEEDED", captured: true });
    expect(fake.intentsOf(ask.key)).toHaveLength(1);
  });

  test("a kept 500 is answered again; what was done is read from the books", async () => {
    const ask = anAuthorization("pm_card_visa", { capture: true });
    fake.fail({ status: 500, done: true }, PAY);
    for (let times = 0; times < 2; times++) await expect(stripe.authorize(ask)).rejects.toThrow();
    expect(await stripe.lookUp(lookUpOf(ask, null))).toMatchObject({ status: "SUCCEEDED" });
    expect(fake.intentsOf(ask.key)).toHaveLength(1);
  });

  test("the search lags: asked again with the key, there still is one charge", async () => {
    const ask = anAuthorization("pm_card_visa", { capture: true });
    fake.state.searchLagMs = 60_000;
    fake.fail("cut after", PAY, 2);
    await expect(stripe.authorize(ask)).rejects.toThrow();
    expect(await stripe.lookUp(lookUpOf(ask, null))).toBeNull();
    expect(await stripe.authorize(ask)).toMatchObject({ status: "SUCCEEDED" });
    expect(fake.intentsOf(ask.key)).toHaveLength(1);
    fake.state.searchLagMs = 0;
  });

  test("a wrong API key says nothing about the payment", async () => {
    const other = stripeFor(fake, { secretKey: "sk_test_revoked" });
    await expect(other.authorize(anAuthorization("pm_card_visa"))).rejects.toThrow();
  });
});
