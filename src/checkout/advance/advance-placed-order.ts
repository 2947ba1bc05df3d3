import { orderShown, type StoredOrder } from "../../orders";
import { type ProviderOutcome, recordPlacedOutcome } from "../../payments";
import type { Platform } from "../../platform/context";
import { lostRace } from "../../platform/database";
import type { Attempt } from "../place/place-order";
import type { OperationOutcome } from "./operation-outcome";
import { effectOf, resultOf } from "./outcome-effect";

/** What a request came to, and its order as it is then. */
export type Advanced = { outcome: OperationOutcome; order: StoredOrder };

/**
 * advanceOrder for the answer that the placing request itself hears, in one statement: nobody but this request has had anything to do with
 * the order, so nothing has to be locked and looked at before. The money, when it came, is for goods that are held, and no other attempt is there.
 * @returns null when that isn't so for this order, or somebody has been there after all, or the outcome is no news: nothing is written then
 */
export async function advancePlacedOrder(
  platform: Platform,
  { books, operationUuid }: Pick<Attempt, "books" | "operationUuid">,
  heard: ProviderOutcome,
): Promise<Advanced | null> {
  if (!books) return null;
  const at = platform.clock.now();
  try {
    const done = await recordPlacedOutcome<StoredOrder>(
      platform.db,
      at,
      books,
      operationUuid,
      heard,
      (recorded) => ({
        ...effectOf(at, recorded, null, resultOf(operationUuid, recorded)),
        shown: orderShown(books.orderUuid),
      }),
    );
    if (!done) return null;
    await platform.reached("operation.recorded");
    return { outcome: resultOf(operationUuid, done.recorded), order: done.shown };
  } catch (error) {
    if (!lostRace(error)) throw error;
    return null;
  }
}
