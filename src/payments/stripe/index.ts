import type { Platform } from "../../platform/context";
import type { PaymentProvider } from "../provider";
import { authorize } from "./authorize";
import { createClient, type StripeSettings } from "./client";
import { createCustomer, forgetMethod } from "./customers";
import { capture, refund, voidRest } from "./follow-ups";
import { cancel, lookUp } from "./look-up";
import { movements } from "./movements";
import { readWebhook } from "./read-webhook";

/** Stripe's own names of payment methods. */
const TOKEN = /^pm_[A-Za-z0-9_]+$/;

/** Stripe, through PaymentIntents (docs/decisions/0040-stripe.md). The secret key's kind says whether its money is real. */
export function createStripe(
  settings: StripeSettings,
  platform: Pick<Platform, "log" | "config">,
): PaymentProvider {
  const stripe = createClient(settings, platform);
  return {
    handle: "stripe",
    publishableKey: settings.publishableKey,
    live: settings.live,
    acceptsToken: (token) => TOKEN.test(token),
    authorize: (ask) => authorize(stripe, ask),
    capture: (ask) => capture(stripe, ask),
    void: (ask) => voidRest(stripe, ask),
    refund: (ask) => refund(stripe, ask),
    cancel: (ask) => cancel(stripe, ask),
    lookUp: (ask) => lookUp(stripe, ask),
    readWebhook: (rawBody, headers, now) => readWebhook(settings.webhookSecrets, rawBody, headers, now),
    movements: (from, to) => movements(stripe, from, to),
    createCustomer: (key) => createCustomer(stripe, key),
    forgetMethod: (token) => forgetMethod(stripe, token),
  };
}
