import type { StoredOrder } from "../orders";
import { type AuthorizeAsk, askProvider, type BuyerAction, type PaymentProvider } from "../payments";
import type { Platform } from "../platform/context";
import { advanceOrder } from "./advance/advance-order";
import { advancePlacedOrder } from "./advance/advance-placed-order";
import type { OperationOutcome } from "./advance/operation-outcome";
import type { Attempt } from "./place/place-order";

/** Amounts in minor units. */
export type AuthorizationAsk = Omit<AuthorizeAsk, "key" | "orderNumber">;

/** What an attempt came to, what its buyer has to do now, which is told but not kept, and the order as that left it if it was read. */
export type Authorized = { outcome: OperationOutcome; nextAction: BuyerAction | null; order?: StoredOrder };

/** Asks the provider with the attempt's stored key, outside of any transaction, and advances the order by what it says. */
export async function authorizeOrder(
  platform: Platform,
  provider: PaymentProvider,
  attempt: Attempt,
  ask: AuthorizationAsk,
): Promise<Authorized> {
  const { providerKey: key, orderNumber, operationUuid } = attempt;
  const asked = { provider: provider.handle, call: "AUTHORIZE", key };
  const heard = await askProvider(platform, asked, () => provider.authorize({ ...ask, key, orderNumber }));
  const { nextAction } = heard;
  const advanced = await advancePlacedOrder(platform, attempt, heard);
  return advanced
    ? { ...advanced, nextAction }
    : { outcome: await advanceOrder(platform, operationUuid, heard), nextAction };
}
