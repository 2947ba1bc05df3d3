import type { Platform } from "../../platform/context";
import type { Tx } from "../../platform/database";
import { readCart } from "./read-cart";
import { writeCartChanges } from "./write-cart-changes";

/** Where a guest's cart goes, for the account's cart that does not know yet: typed in once is enough. Both carts are locked. */
export async function carryAddress(
  platform: Platform,
  tx: Tx,
  { from, into, accountId }: { from: string; into: string; accountId: string },
) {
  const guest = await readCart(platform, tx, from);
  if (!guest?.shippingAddress) return;
  const own = await readCart(platform, tx, into);
  if (!own || own.shippingAddress) return;
  const { shippingAddress: shipping, billingAddress: billing } = guest;
  const { vault, config, clock } = platform;
  await writeCartChanges({ vault, config, clock, viewer: { accountId } }, tx, own, {
    shipping,
    ...(own.billingAddress ? {} : { billing }),
  });
}
