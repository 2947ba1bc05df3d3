import { createStripe } from "../../src/payments/stripe";
import { createLog, type Logger } from "../../src/platform/log";
import type { ProviderHarness } from "../provider-suite";
import { readTestConfig } from "./config";
import { type FakeStripe, SECRET_KEY, startFakeStripe, WEBHOOK_SECRETS } from "./fake-stripe";

type About = { timeoutMs?: number; secretKey?: string; log?: Logger };

/** The adapter with a pretended Stripe at the other end of the line. */
export function stripeFor({ url }: FakeStripe, about: About = {}) {
  const { timeoutMs = 5_000, secretKey = SECRET_KEY, log = createLog("silent") } = about;
  const config = readTestConfig({
    ...stripeSettings(url),
    STRIPE_SECRET_KEY: secretKey,
    PAYMENT_TIMEOUT_MS: String(timeoutMs),
  });
  if (!config.payments.stripe) throw new Error("Stripe is not set up");
  return createStripe(config.payments.stripe, { config, log });
}

/** The settings that switch to a pretended Stripe. */
export const stripeSettings = (url: string) => ({
  STRIPE_SECRET_KEY: SECRET_KEY,
  STRIPE_PUBLISHABLE_KEY: "pk_test_fake",
  STRIPE_WEBHOOK_SECRETS: WEBHOOK_SECRETS.join(","),
  STRIPE_API_URL: url,
});

/** What the tests of every provider need of Stripe. */
export async function stripeHarness(severalCaptures: boolean): Promise<ProviderHarness> {
  const fake = await startFakeStripe();
  fake.state.severalCaptures = severalCaptures;
  return {
    provider: stripeFor(fake),
    tokens: {
      success: "pm_card_visa",
      decline: "pm_card_chargeDeclined",
      insufficientFunds: "pm_card_chargeDeclinedInsufficientFunds",
      actionRequired: "pm_card_authenticationRequired",
    },
    severalCaptures,
    now: () => new Date(),
    confirm: async ({ reference }) => fake.confirm(reference ?? ""),
    refuse: async ({ reference }) => fake.refuse(reference ?? ""),
    async webhooksOf(key) {
      const about = fake.state.events.filter(({ body }) => body.includes(`"${key}"`));
      return about.map(({ body }) => {
        const raw = Buffer.from(body);
        return { body: raw, headers: fake.sign(raw, new Date()) };
      });
    },
    sign: (body, at, secret) => fake.sign(body, at, secret),
    secrets: WEBHOOK_SECRETS.length,
    signInOldScheme: (body, at) => fake.sign(body, at, 0, "v0"),
    close: fake.close,
  };
}
