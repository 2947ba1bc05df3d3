import type { Platform } from "../../platform/context";
import type { Tx } from "../../platform/database";
import { emit } from "../../platform/outbox";
import { carryAddress } from "./carry-address";
import { mergeLines } from "./merge-cart-lines";

type Held = {
  uuid: string;
  accountId: string | null;
  dataKeyId: string | null;
  state: string;
  currency: string;
  frozen: boolean;
};

/**
 * Brings a guest's cart along at login, in the login's transaction: it becomes the account's cart, or its lines move into the one
 * the account has and it is MERGED. A cart that is not a guest's, not ACTIVE, or being paid for stays as it is, and the login goes on.
 * @returns the cart the account is filling now, or null
 */
export async function adoptCart(
  tx: Tx,
  platform: Platform,
  ask: { accountId: string; cartId: string | null; now: Date },
): Promise<{ cartUuid: string | null }> {
  const held = await lockCarts(tx, ask.accountId, ask.cartId);
  const own = held.find((cart) => cart.accountId === ask.accountId && cart.state === "ACTIVE");
  const guest = held.find((cart) => cart.accountId === null && cart.state === "ACTIVE" && !cart.frozen);
  if (!guest || own?.frozen) return { cartUuid: own?.uuid ?? null };
  if (!own) {
    await takeOver(tx, guest, ask);
    return { cartUuid: guest.uuid };
  }
  await carryAddress(platform, tx, { from: guest.uuid, into: own.uuid, accountId: ask.accountId });
  await mergeLines(tx, { from: guest, into: own, now: ask.now });
  await emit(tx, ask.now, {
    type: "cart.merged",
    subjectType: "cart",
    subjectId: guest.uuid,
    data: { intoCartId: own.uuid },
  });
  return { cartUuid: own.uuid };
}

/** Both carts, locked in the order of their ids, so that two logins never wait for each other. */
const lockCarts = (tx: Tx, accountId: string, guestUuid: string | null) => tx.$queryRaw<Held[]>`
  WITH mine AS MATERIALIZED (
    SELECT id FROM carts WHERE id = ${guestUuid}::uuid OR (account_id = ${accountId}::uuid AND state = 'ACTIVE') ORDER BY id)
  SELECT held.id::text AS "uuid", held.account_id::text AS "accountId", held.data_key_id::text AS "dataKeyId",
    held.state::text AS "state", held.currency, held.frozen
  FROM mine CROSS JOIN LATERAL lock_cart(mine.id) held`;

/** Through the client, whose P2002 says that another login made the account a cart meanwhile: the login's transaction runs again. */
async function takeOver(tx: Tx, guest: Held, { accountId, now }: { accountId: string; now: Date }) {
  const { dataKeyId } = await tx.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { dataKeyId: true },
  });
  await tx.cart.update({
    where: { id: guest.uuid },
    data: {
      accountId,
      dataKeyId: guest.dataKeyId ?? dataKeyId,
      version: { increment: 1 },
      updatedAt: now,
    },
  });
}
