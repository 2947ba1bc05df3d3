import { type Context, signedIn } from "../platform/context";
import { type Sql, transact } from "../platform/database";
import { readId } from "../platform/ids";
import { refuse } from "./catalog.refusals";
import { lockStock, moveStock } from "./lock-stock";
import type { SetStockInput } from "./stock.types";

/**
 * Sets what can be sold of a variant (on hand less reserved); a variant that wasn't counted is from now on. @returns its uuid
 * @throws NOT_FOUND, CHANGED_MEANWHILE when changeFrom is not the count now, STOCK_INVALID
 */
export function setStock(
  ctx: Context,
  sql: Sql,
  { variantId: id, quantity, changeFrom }: SetStockInput,
): Promise<{ variantId: string }> {
  const [variantId, at, actorId] = [readId("var", id), ctx.clock.now(), signedIn(ctx).accountId];
  return transact(sql, async (tx) => {
    if (variantId === null) throw refuse("NOT_FOUND", "variantId");
    const stock = await lockStock(tx, variantId);
    const isThat = stock.tracked && stock.onHand - stock.reserved === changeFrom;
    if (changeFrom != null && !isThat) throw refuse("CHANGED_MEANWHILE", "changeFrom");
    await moveStock(tx, stock, {
      variantId,
      sellable: quantity,
      path: "quantity",
      at,
      actorId,
      reason: null,
    });
    return { variantId };
  });
}
