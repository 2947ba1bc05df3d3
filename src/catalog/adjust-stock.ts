import { type Context, signedIn } from "../platform/context";
import { type Sql, transact } from "../platform/database";
import { readId } from "../platform/ids";
import { isPlainText } from "../platform/text";
import { refuse } from "./catalog.refusals";
import { lockStock, moveStock } from "./lock-stock";
import type { AdjustStockInput } from "./stock.types";

const LONGEST_REASON = 255;

/**
 * Adds `delta` (may be negative) to the stock of a variant that is counted. @returns its uuid
 * @throws NOT_FOUND, VALUE_INVALID for the reason, STOCK_INVALID when it isn't counted, or would fall below zero where it isn't sold beyond stock
 */
export function adjustStock(
  ctx: Context,
  sql: Sql,
  { variantId: id, delta, reason }: AdjustStockInput,
): Promise<{ variantId: string }> {
  const [variantId, at, actorId] = [readId("var", id), ctx.clock.now(), signedIn(ctx).accountId];
  return transact(sql, async (tx) => {
    if (variantId === null) throw refuse("NOT_FOUND", "variantId");
    if (reason && !isPlainText(reason, LONGEST_REASON)) throw refuse("VALUE_INVALID", "reason");
    const stock = await lockStock(tx, variantId);
    if (!stock.tracked) throw refuse("STOCK_INVALID", "variantId");
    const sellable = stock.onHand - stock.reserved + delta;
    await moveStock(tx, stock, { variantId, sellable, path: "delta", at, actorId, reason: reason || null });
    return { variantId };
  });
}
