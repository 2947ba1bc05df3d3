import type { Platform } from "../platform/context";
import type { Tx } from "../platform/database";
import { type NewSession, startSession } from "./start-session";

declare module "../platform/context" {
  interface Services {
    /**
     * Merges a guest's cart (uuid, or null for none) into the account's, in the login's transaction. A cart that is not there, not a
     * guest's or not free is left alone. @returns the account's active cart, if it then has one
     */
    adoptCart(
      tx: Tx,
      platform: Platform,
      ask: { accountId: string; cartId: string | null; now: Date },
    ): Promise<{ cartUuid: string | null }>;
  }
}

/** Signs a device in on which somebody has proven to be the account's owner. `cartId` is the uuid of a guest's cart to merge into his. */
export async function signIn(
  platform: Platform,
  tx: Tx,
  { cartId = null, ...ask }: NewSession & { cartId?: string | null },
) {
  const { accountId } = ask;
  const session = await startSession(platform, tx, ask);
  const now = platform.clock.now();
  const { cartUuid } = await platform.services.adoptCart(tx, platform, { accountId, cartId, now });
  return { accountUuid: accountId, cartUuid, ...session };
}
