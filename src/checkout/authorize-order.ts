import { type AuthorizeAsk, askProvider, type BuyerAction, type PaymentProvider } from "../payments";
import type { Platform } from "../platform/context";
import { advanceOrder } from "./advance/advance-order";
import type { OperationOutcome } from "./advance/operation-outcome";
import type { Attempt } from "./place/place-order";

/** Amounts in minor units. */
export type AuthorizationAsk = Omit<AuthorizeAsk, "key" | "orderNumber">;

/** What an attempt came to, and what its buyer has to do now, which is told but not kept. */
export type Authorized = { outcome: OperationOutcome; nextAction: BuyerAction | null };

/** Asks the provider with the attempt's stored key, outside of any transaction, and advances the order by what it says. */
export async function authorizeOrder(
  platform: Platform,
  provider: PaymentProvider,
  { providerKey, orderNumber, operationUuid }: Attempt,
  ask: AuthorizationAsk,
): Promise<Authorized> {
  const wanted = { ...ask, key: providerKey, orderNumber };
  const asked = { provider: provider.handle, call: "AUTHORIZE", key: providerKey };
  const heard = await askProvider(platform, asked, () => provider.authorize(wanted));
  return { outcome: await advanceOrder(platform, operationUuid, heard), nextAction: heard.nextAction };
}
