import type { ClientBase } from "pg";
import { LEDGER, TRACES } from "./books";
import { CATALOG, ORDERS, STOCK } from "./orders";
import { PAYMENTS, SANDBOX } from "./payments";
import { STEPS, STORIES } from "./stories";

/** What the database does for each row: written here for all rows at once, and checked by the invariants. */
const GUARDS = ["ledger_transactions", "ledger_entries", "payment_operations"];

/**
 * Fills an empty, migrated database (PostgreSQL 18) with a year of so many orders in all states that there are, with everything that belongs
 * to them and no invariant broken. `owner` is a connection of the role that owns the tables.
 */
export async function fillShop(owner: ClientBase, orders: number): Promise<void> {
  await owner.query("BEGIN");
  await owner.query("SELECT set_config('fill.orders', $1, true)", [String(orders)]);
  for (const table of GUARDS) await owner.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  for (const statements of [STORIES, STEPS, CATALOG, ORDERS, STOCK, PAYMENTS, SANDBOX, LEDGER, TRACES])
    await owner.query(statements);
  for (const table of GUARDS) await owner.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
  await owner.query("COMMIT");
  await owner.query("ANALYZE");
}
