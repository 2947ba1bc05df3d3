import { Prisma } from "../generated/prisma/client";
import type { LedgerAccountType } from "../generated/prisma/enums";
import type { Context, Platform } from "../platform/context";
import { toId } from "../platform/ids";
import { load } from "../platform/loaders";
import { money } from "../platform/types";
import { type StoredOperation, toOperation } from "./payment.rows";

type Stored = {
  uuid: string;
  orderUuid: string;
  orderNumber: string;
  accountUuid: string | null;
  currency: string;
  createdAt: string;
  operation: StoredOperation;
  entries: { account: LedgerAccountType; amount: number; currency: string }[];
};
export type LedgerTransactionNode = ReturnType<typeof toTransaction>;

/** The transactions whose ids a sub-select names, newest first (ids rise with time), with operation and entries: one statement. */
export async function findTransactions({ db }: Pick<Platform, "db">, ids: Prisma.Sql) {
  const found = await db.$queryRaw<{ transaction: Stored }[]>`
    SELECT row_to_json(whole) AS "transaction" FROM (
      SELECT t.id AS "uuid", t.order_id AS "orderUuid", o.number::text AS "orderNumber", o.account_id AS "accountUuid", op.currency,
        t.created_at AS "createdAt",
        json_build_object('uuid', op.id, 'kind', op.kind, 'status', op.status, 'amount', op.amount, 'reason', op.reason,
          'createdAt', op.created_at) AS "operation",
        coalesce((SELECT json_agg(row_to_json(entry)) FROM (
          SELECT e.account_type AS "account", e.amount, e.currency FROM ledger_entries e
          WHERE e.transaction_id = t.id ORDER BY e.account_type, e.id) entry), '[]') AS "entries"
      FROM ledger_transactions t JOIN payment_operations op ON op.id = t.operation_id JOIN orders o ON o.id = t.order_id
      WHERE t.id IN (${ids}) ORDER BY t.id DESC) whole`;
  return found.map(({ transaction }) => toTransaction(transaction));
}

function toTransaction(stored: Stored) {
  const { uuid, orderUuid, orderNumber, accountUuid, currency, createdAt } = stored;
  return {
    __typename: "LedgerTransaction" as const,
    id: toId("ltx", uuid),
    uuid,
    orderId: toId("order", orderUuid),
    orderNumber,
    operation: toOperation(stored.operation, currency, { orderUuid, accountUuid }),
    entries: stored.entries.map((entry) => ({
      account: entry.account,
      amount: money(entry.amount, entry.currency),
    })),
    createdAt,
  };
}

/** The transaction with this uuid, loaded with all others of the tick; null when there is none. Says nothing of who may see it. */
export const loadTransaction = (ctx: Context, uuid: string) => load(ctx, transactionsById, uuid);

async function transactionsById(ctx: Context, uuids: readonly string[]) {
  const found = await findTransactions(ctx, Prisma.sql`SELECT unnest(${uuids}::uuid[])`);
  return new Map(found.map((transaction) => [transaction.uuid, transaction]));
}
