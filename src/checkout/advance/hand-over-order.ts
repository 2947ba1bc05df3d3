import type { Tx } from "../../platform/database";

/** Gives an order whose money came late to the account that has taken its cart over meanwhile, as another checkout of it would have. */
export async function handOverOrder(tx: Tx, orderUuid: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE orders SET account_id = carts.account_id FROM carts
    WHERE orders.id = ${orderUuid}::uuid AND carts.id = orders.cart_id AND orders.account_id IS NULL AND carts.account_id IS NOT NULL`;
}
