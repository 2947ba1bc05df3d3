import { randomUUID } from "node:crypto";
import { aKey, anAuthorization, lookUpOf } from "./provider-suite/harness";
import { type FakeStripe, startFakeStripe } from "./support/fake-stripe";
import { type Form, readForm } from "./support/fake-stripe/form";
import { stripeFor } from "./support/stripe-harness";

let fake: FakeStripe;
let stripe: ReturnType<typeof stripeFor>;
beforeAll(async () => {
  fake = await startFakeStripe();
  stripe = stripeFor(fake);
});
afterAll(() => fake.close());

const lastAsked = (): Form => readForm(fake.calls.at(-1)?.text ?? "");
const account = async () => stripe.createCustomer!(`acct_${randomUUID()}`);

test("an account is made known once, by our key alone", async () => {
  const key = aKey();
  expect(await stripe.createCustomer!(key)).toBe(await stripe.createCustomer!(key));
  expect(lastAsked()).toEqual({ metadata: { tillgraph_key: key } });
});

test("a method that is kept pays again; forgotten, it does not, and forgetting it twice is no error", async () => {
  const [customer, token] = [await account(), fake.aMethod("pm_card_visa")];
  await stripe.authorize(anAuthorization(token, { customer, save: true }));
  expect(lastAsked()).toMatchObject({ customer, setup_future_usage: "on_session" });
  expect(await stripe.authorize(anAuthorization(token, { customer }))).toMatchObject({
    status: "SUCCEEDED",
  });
  expect(lastAsked()).not.toHaveProperty("setup_future_usage");
  const others = await stripe.authorize(anAuthorization(token, { customer: await account() }));
  expect(others).toMatchObject({ status: "FAILED", reason: "payment_method_invalid" });
  for (let times = 0; times < 2; times++) await stripe.forgetMethod!(token);
  expect(fake.state.methods.get(token)?.customer).toBeNull();
  await stripe.forgetMethod!("pm_gone");
});

test("nothing to pay and a method to keep: it is set up; the same with the bank's question", async () => {
  const [customer, token] = [await account(), fake.aMethod("pm_card_visa")];
  const free = { amount: 0n, capture: true, save: true, customer };
  const done = await stripe.authorize(anAuthorization(token, free));
  expect(done).toMatchObject({ status: "SUCCEEDED", captured: true, method: { last4: "4242" } });
  expect(fake.state.methods.get(token)?.customer).toBe(customer);
  const ask = anAuthorization("pm_card_authenticationRequired", free);
  const { reference, status } = await stripe.authorize(ask);
  expect(status).toBe("ACTION_REQUIRED");
  expect(await stripe.cancel(lookUpOf(ask, reference))).toMatchObject({
    status: "FAILED",
    reason: "cancelled",
  });
  const declined = await stripe.authorize(anAuthorization("pm_card_chargeDeclined", free));
  expect(declined).toMatchObject({ status: "FAILED", reason: "declined" });
});
