import Stripe from "stripe";
import type { Config } from "../../platform/config";
import type { Platform } from "../../platform/context";

/** What this adapter was written for; a newer package doesn't change it unasked. Webhook endpoints are to be created with it, too. */
const API_VERSION = "2026-10-28.endive";

/** Stripe gives up before we do, so that a call that nobody waits for any more does not run on. */
const SHARE_OF_TIMEOUT = 0.9;

export type StripeSettings = NonNullable<Config["payments"]["stripe"]>;

/**
 * The client of Stripe's package. It retries nothing on its own but a call whose connection was closed under it, once and with the same
 * key (which can't be switched off, and does no harm): everything else is asked again by those who look for what is due.
 */
export function createClient(
  { secretKey, apiUrl }: StripeSettings,
  { log, config }: Pick<Platform, "log" | "config">,
) {
  const { protocol, hostname, port } = new URL(apiUrl);
  const secure = protocol === "https:";
  const stripe = new Stripe(secretKey, {
    apiVersion: API_VERSION,
    protocol: secure ? "https" : "http",
    host: hostname,
    port: port || (secure ? 443 : 80),
    timeout: Math.floor(config.payments.timeoutMs * SHARE_OF_TIMEOUT),
    maxNetworkRetries: 0,
    telemetry: false,
    appInfo: { name: "Tillgraph" },
  });
  // Stripe's dashboard shows a call and what was wrong with it under the request's id; a decline (402) is nobody's fault.
  stripe.on("response", ({ status, request_id: requestId }: Stripe.ResponseEvent) => {
    if (status >= 400 && status !== 402) log.warn({ status, requestId }, "Stripe refused a call, or failed");
  });
  return stripe;
}
export type Client = ReturnType<typeof createClient>;
