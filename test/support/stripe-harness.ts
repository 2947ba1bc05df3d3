import { createStripe } from "../../src/payments/stripe";
import type { ProviderHarness } from "../provider-suite";
import { type FakeStripe, SECRET_KEY, startFakeStripe, WEBHOOK_SECRETS } from "./fake-stripe";

/** The adapter with a pretended Stripe at the other end of the line. */
export function stripeFor({ url }: FakeStripe, timeoutMs = 5_000, secretKey = SECRET_KEY) {
  const keys = { secretKey, publishableKey: "pk_test_fake", live: false };
  return createStripe({ ...keys, webhookSecrets: [...WEBHOOK_SECRETS], apiUrl: url }, { timeoutMs });
}

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
