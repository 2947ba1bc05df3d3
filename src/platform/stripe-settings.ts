import { z } from "zod";
import { list, origin } from "./setting-shapes";

/** Stripe is used when all but the last are there. */
export const stripeSettings = {
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_\w+$/, "must be a secret or restricted key of Stripe (sk_…, rk_…)")
    .optional(),
  STRIPE_PUBLISHABLE_KEY: z
    .string()
    .regex(/^pk_(test|live)_\w+$/, "must be a publishable key of Stripe (pk_…)")
    .optional(),
  STRIPE_WEBHOOK_SECRETS: list
    .pipe(z.array(z.string().regex(/^whsec_\S+$/, "must be signing secrets of Stripe (whsec_…)")).max(5))
    .default([]),
  STRIPE_API_URL: origin.default("https://api.stripe.com"),
};
type Given = z.infer<z.ZodObject<typeof stripeSettings>>;

const isLive = (key: string | undefined) => key?.includes("_live_") ?? false;

/** Complains when they are half there, do not fit each other, or are not fit for real money in production. */
export function checkStripe(
  e: Given & { NODE_ENV: string; SANDBOX_PAYMENTS?: boolean | undefined },
  complaints: z.core.$RefinementCtx,
) {
  const { STRIPE_SECRET_KEY: secret, STRIPE_PUBLISHABLE_KEY: publishable, STRIPE_WEBHOOK_SECRETS: hooks } = e;
  if (!secret && !publishable && hooks.length === 0) return;
  const complain = (name: keyof typeof e, message: string) =>
    complaints.addIssue({ code: "custom", path: [name], message });
  if (!secret) complain("STRIPE_SECRET_KEY", "is missing");
  if (!publishable) complain("STRIPE_PUBLISHABLE_KEY", "is missing");
  if (hooks.length === 0) complain("STRIPE_WEBHOOK_SECRETS", "is missing");
  if (secret && publishable && isLive(secret) !== isLive(publishable))
    complain("STRIPE_PUBLISHABLE_KEY", "is not of the same kind (test, live) as STRIPE_SECRET_KEY");
  if (isLive(secret) && e.SANDBOX_PAYMENTS)
    complain(
      "SANDBOX_PAYMENTS",
      "must not be true beside a live key of Stripe: goods would be had for nothing",
    );
  if (e.NODE_ENV !== "production") return;
  if (!isLive(secret)) complain("STRIPE_SECRET_KEY", "is a test key, which production refuses");
  if (!e.STRIPE_API_URL.startsWith("https://")) complain("STRIPE_API_URL", "must be https:// in production");
}

/** How Stripe is reached, or null when it is not used. `live`: its money is real. */
export function stripeOf(e: Given) {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_PUBLISHABLE_KEY: publishableKey } = e;
  if (!secretKey || !publishableKey) return null;
  const [webhookSecrets, apiUrl] = [e.STRIPE_WEBHOOK_SECRETS, e.STRIPE_API_URL];
  return { secretKey, publishableKey, webhookSecrets, apiUrl, live: isLive(secretKey) };
}
