import type { Db, Tx } from "../platform/database";
import { type Books, openBooks } from "./books";
import { orderOfOperation } from "./lock-order";
import type { ProviderOutcome } from "./provider-outcome";
import { type Effect, lockedBefore, lockedNow, writeOutcome } from "./record-outcome.sql";
import { type Recorded, weighOutcome } from "./weigh-outcome";

/**
 * The one writer of an operation's outcome: moves it as the machine allows, posts what succeeded to the ledger (also what came with
 * it, as operations of their own), projects the order's payment status and writes the events; with them, in the same statement, what
 * `effectOf` says that it means beyond the books. Repeatable: the second caller changes nothing. Locks the order's row until `tx` ends.
 */
export async function recordOutcome(
  tx: Tx,
  at: Date,
  operationUuid: string,
  heard: ProviderOutcome,
  effectOf: (recorded: Recorded) => Effect | Promise<Effect>,
): Promise<Recorded> {
  const books = await openBooks(tx, orderOfOperation(operationUuid));
  if (!books) throw new Error("No such payment operation");
  const { recorded, rows } = weighOutcome(books, at, operationUuid, heard);
  if (rows) await writeOutcome(tx, at, lockedBefore(rows), rows, await effectOf(recorded));
  return recorded;
}

/**
 * The same in a single statement, for the first outcome of an order that was placed a moment ago: `books` are as it was placed. The statement
 * locks what it depends on and undoes itself when that has moved since; nobody opens another operation of an order while its first one is.
 * @returns what the effect shows; null when the outcome is no news, and nothing was written
 * @throws what lostRace knows when something has moved; recordOutcome finds out what
 */
export async function recordPlacedOutcome<Shown>(
  db: Db,
  at: Date,
  books: Books,
  operationUuid: string,
  heard: ProviderOutcome,
  effectOf: (recorded: Recorded) => Effect,
): Promise<{ recorded: Recorded; shown: Shown } | null> {
  const { recorded, rows } = weighOutcome(books, at, operationUuid, heard);
  if (!rows) return null;
  const locked = lockedNow(rows, books.orderUuid);
  return { recorded, shown: (await writeOutcome(db, at, locked, rows, effectOf(recorded))) as Shown };
}
