import { readTestConfig } from "../../test/support/config";

const stripe = {
  STRIPE_SECRET_KEY: "sk_live_abc",
  STRIPE_PUBLISHABLE_KEY: "pk_live_abc",
  STRIPE_WEBHOOK_SECRETS: "whsec_one, whsec_two",
};
const production = { NODE_ENV: "production", DATABASE_URL: "postgres://shop@127.0.0.1/shop" };

test("Stripe is used when all of it is there; two secrets while one replaces the other", () => {
  expect(readTestConfig().payments.stripe).toBeNull();
  expect(readTestConfig({ ...production, ...stripe }).payments.stripe).toMatchObject({
    live: true,
    webhookSecrets: ["whsec_one", "whsec_two"],
    apiUrl: "https://api.stripe.com",
  });
});

test("where money is real, nobody pays with the sandbox's, also outside of production", () => {
  const test = { STRIPE_SECRET_KEY: "sk_test_abc", STRIPE_PUBLISHABLE_KEY: "pk_test_abc" };
  expect(readTestConfig({ ...stripe, ...test }).payments.sandbox).toBe(true);
  expect(readTestConfig(stripe).payments.sandbox).toBe(false);
});

test.each<[why: string, settings: Record<string, string>, message: RegExp]>([
  [
    "half there",
    { STRIPE_SECRET_KEY: "sk_test_abc" },
    /PUBLISHABLE_KEY is missing; STRIPE_WEBHOOK_SECRETS is missing/,
  ],
  [
    "of two kinds",
    { ...stripe, STRIPE_SECRET_KEY: "sk_test_abc" },
    /PUBLISHABLE_KEY is not of the same kind/,
  ],
  [
    "test keys in production",
    { ...production, ...stripe, STRIPE_SECRET_KEY: "sk_test_abc", STRIPE_PUBLISHABLE_KEY: "pk_test_abc" },
    /STRIPE_SECRET_KEY is a test key, which production refuses/,
  ],
  [
    "real money and none in one shop",
    { ...stripe, SANDBOX_PAYMENTS: "true" },
    /SANDBOX_PAYMENTS must not be true beside a live key of Stripe/,
  ],
  [
    "an open line in production",
    { ...production, ...stripe, STRIPE_API_URL: "http://stripe.example" },
    /STRIPE_API_URL must be https/,
  ],
])("%s: refused, by name and without the value", (_why, settings, message) => {
  const reading = () => readTestConfig(settings);
  expect(reading).toThrow(message);
  expect(reading).not.toThrow(/abc/);
});

test.each<[why: string, settings: Record<string, string>, message: RegExp]>([
  ["short", { MASTER_KEY: Buffer.alloc(31).toString("base64") }, /MASTER_KEY must be 32 bytes in base64/],
  ["long", { MASTER_KEY: Buffer.alloc(33).toString("base64") }, /MASTER_KEY must be 32 bytes in base64/],
  ["short, too", { TOKEN_SECRET: "x".repeat(31) }, /TOKEN_SECRET must have at least 32 characters/],
  [
    "one for both",
    { MASTER_KEY: Buffer.alloc(32).toString("base64"), TOKEN_SECRET: Buffer.alloc(32).toString("base64") },
    /TOKEN_SECRET must not be the same as MASTER_KEY/,
  ],
])("secrets that are %s are refused, and not repeated", (_why, settings, message) => {
  const read = () => readTestConfig(settings);
  expect(read).toThrow(message);
  for (const value of Object.values(settings)) expect(read).not.toThrow(value);
});
