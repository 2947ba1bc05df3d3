import { lockOrder, orderOfOperation } from "../../payments";
import type { Tx } from "../../platform/database";
import type { KnownOperation } from "./judge-event";

async function findOperation(tx: Tx, provider: string, key: string): Promise<KnownOperation | null> {
  const [found] = await tx.$queryRaw<KnownOperation[]>`
    SELECT op.id::text AS "uuid", op.kind::text AS "kind", op.status::text AS "status", op.amount, op.currency::text AS "currency",
      o.number::text AS "orderNumber", p.captured + p.capturing AS "taken"
    FROM payment_operations op JOIN payments p ON p.id = op.payment_id JOIN orders o ON o.id = op.order_id
    WHERE op.idempotency_key = ${key} AND op.provider = ${provider}`;
  return found ?? null;
}

/**
 * The operation that a provider was asked for with a key, as our books have it; null when it is none of ours. Its order is locked until `tx`
 * ends, and it is read after that: what waited for the lock sees what was done meanwhile.
 */
export async function lockOperation(
  tx: Tx,
  provider: string,
  key: string | null,
): Promise<KnownOperation | null> {
  if (key === null) return null;
  const named = await findOperation(tx, provider, key);
  if (!named) return null;
  await lockOrder(tx, orderOfOperation(named.uuid));
  return findOperation(tx, provider, key);
}
