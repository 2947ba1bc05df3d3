import type { Platform } from "../platform/context";
import type { Tx } from "../platform/database";
import { knowNetwork } from "./known-networks";
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

/**
 * Signs a device in. `cartId` is the uuid of a guest's cart to merge into the account's.
 * @param prove locks the account's row and throws unless whoever asks has proven to be its owner. Carts are locked before it: an advance that
 * saves a card takes them in that order
 */
export async function signIn(
  platform: Platform,
  tx: Tx,
  { cartId = null, ...ask }: NewSession & { cartId?: string | null },
  prove: () => Promise<void>,
) {
  const { accountId } = ask;
  const now = platform.clock.now();
  const { cartUuid } = await platform.services.adoptCart(tx, platform, { accountId, cartId, now });
  await prove();
  const session = await startSession(platform, tx, ask);
  await knowNetwork(platform, tx, accountId, ask.ip);
  return { accountUuid: accountId, cartUuid, ...session };
}
