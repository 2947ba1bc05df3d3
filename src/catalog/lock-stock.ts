import type { Tx } from "../platform/database";
import { newId } from "../platform/ids";
import { emit } from "../platform/outbox";
import { refuse } from "./catalog.refusals";
import { MOST_STOCK } from "./write/check-draft";

export type LockedStock = {
  productId: string;
  tracked: boolean;
  oversell: boolean;
  onHand: number;
  reserved: number;
};

/** The stock of a live variant (uuid), locked until the transaction ends. @throws NOT_FOUND */
export async function lockStock(tx: Tx, variantId: string): Promise<LockedStock> {
  const [stock] = await tx.$queryRaw<LockedStock[]>`
    SELECT v.product_id AS "productId", s.tracked, s.oversell, s.on_hand AS "onHand", s.reserved
    FROM stocks s JOIN variants v ON v.id = s.variant_id
    WHERE s.variant_id = ${variantId}::uuid AND s.location = 'default' AND v.archived_at IS NULL FOR NO KEY UPDATE OF s`;
  if (!stock) throw refuse("NOT_FOUND", "variantId");
  return stock;
}

type Change = {
  variantId: string;
  sellable: number;
  path: string;
  at: Date;
  actorId: string;
  reason: string | null;
};

/**
 * Makes `sellable` what can be sold of a locked stock, counts it from now on, and writes the movement that explains it.
 * @throws STOCK_INVALID out of range, or below zero where it isn't sold beyond stock
 */
export async function moveStock(tx: Tx, stock: LockedStock, change: Change): Promise<void> {
  const { variantId, sellable, path, at, actorId, reason } = change;
  if (Math.abs(sellable) > MOST_STOCK || (sellable < 0 && !stock.oversell))
    throw refuse("STOCK_INVALID", path);
  const onHandDelta = sellable + stock.reserved - stock.onHand;
  if (onHandDelta === 0 && stock.tracked) return;
  const data = { tracked: true, onHand: stock.onHand + onHandDelta };
  await tx.stock.update({ where: { variantId_location: { variantId, location: "default" } }, data });
  if (onHandDelta !== 0)
    await tx.stockMovement.create({
      data: { id: newId(), variantId, kind: "ADJUST", onHandDelta, actorId, reason, createdAt: at },
    });
  await emit(tx, at, {
    type: "stock.changed",
    subjectType: "product",
    subjectId: stock.productId,
    data: { variantId },
  });
}
