import { type AuthorizeAsk, askProvider, type PaymentProvider } from "../payments";
import type { Platform } from "../platform/context";
import { advanceOrder } from "./advance-order";
import type { CheckoutOutcome } from "./checkout-outcome";
import type { Attempt } from "./place-order";

/** Amounts in minor units. */
export type AuthorizationAsk = { token: string; amount: bigint; currency: string; returnUrl: string | null };

/** Asks the provider with the attempt's stored key, outside of any transaction, and advances the order by what it says. */
export async function authorizeOrder(
  platform: Platform,
  provider: PaymentProvider,
  attempt: Attempt,
  ask: AuthorizationAsk,
): Promise<CheckoutOutcome> {
  const wanted = authorizationOf(platform, attempt, ask);
  const outcome = await askProvider(platform.log, () => provider.authorize(wanted));
  return advanceOrder(platform, attempt, outcome);
}

/** What the provider is asked, the same each time it is asked for this attempt. */
export function authorizationOf(
  { config }: Pick<Platform, "config">,
  { providerKey, orderNumber }: Pick<Attempt, "providerKey" | "orderNumber">,
  { token, amount, currency, returnUrl }: AuthorizationAsk,
): AuthorizeAsk {
  const capture = config.payments.capture === "automatic";
  return {
    ...{ key: providerKey, amount, currency, token, capture, orderNumber },
    ...(returnUrl === null ? {} : { returnUrl }),
  };
}
