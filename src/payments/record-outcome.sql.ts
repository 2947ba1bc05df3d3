import { Prisma } from "../generated/prisma/client";
import type { PaymentOperationKind, PaymentOperationStatus, PaymentStatus } from "../generated/prisma/enums";
import type { Tx } from "../platform/database";
import { newId } from "../platform/ids";
import type { ledgerRows } from "./ledger";
import type { ProviderOutcome } from "./provider-outcome";

export type OutcomeRows = {
  operationUuid: string;
  from: PaymentOperationStatus;
  /** The same as `from` when the operation stays where it is and others come with its outcome */
  to: PaymentOperationStatus;
  /** Until when it is somebody's from now on; null: as it was */
  leaseUntil: Date | null;
  /** Operations of the same payment that have succeeded with it */
  added: { uuid: string; kind: PaymentOperationKind; amount: bigint; key: string; reason: string | null }[];
  outcome: ProviderOutcome;
  paymentStatus: PaymentStatus;
  ledger: ReturnType<typeof ledgerRows>[];
  /** Types of the events for the feed */
  events: string[];
};

/** What an outcome means beyond the books, as SQL for the statement that writes them. */
export type Effect = {
  /** Further members of its WITH list */
  changes?: Prisma.Sql[];
  /** Whether what it changes was there; else the statement was for nothing */
  took?: Prisma.Sql;
  /** Queues jobs: for the SELECT list */
  queued?: Prisma.Sql;
  /** It writes the order's row, its payment status too: PostgreSQL changes a row once in a statement */
  writesOrder?: boolean;
};

/**
 * All that the outcome of an operation changes, in the books and by its `effect`, in one statement; nothing of it unless the operation
 * still is where it was.
 */
export async function writeOutcome(tx: Tx, at: Date, rows: OutcomeRows, effect: Effect): Promise<void> {
  const { operationUuid, from, to, outcome, ledger } = rows;
  const { brand, last4, expiryMonth, expiryYear } = outcome.method ?? {};
  const added = JSON.stringify(rows.added.map((one) => ({ ...one, amount: one.amount.toString() })));
  const transactions = JSON.stringify(ledger.map(({ transaction }) => transaction));
  const entries = JSON.stringify(ledger.flatMap((posting) => posting.entries));
  const changes = [...(effect.writesOrder ? [] : [projected(at, rows)]), ...(effect.changes ?? [])];
  const events = JSON.stringify(rows.events.map((type) => ({ id: newId(), type })));
  const [{ found, taken }] = await tx.$queryRaw<[{ found: boolean; taken: boolean }]>`
    WITH base AS MATERIALIZED (
      SELECT payment_id, order_id, provider, currency FROM payment_operations
      WHERE id = ${operationUuid}::uuid AND status = ${from}::payment_operation_status
    ), moved AS (
      UPDATE payment_operations SET status = ${to}::payment_operation_status, reason = coalesce(${outcome.reason}, nullif(reason, 'mismatch')),
        provider_reference = coalesce(${outcome.reference}, provider_reference),
        lease_until = coalesce(${rows.leaseUntil}::timestamptz, lease_until), updated_at = ${at}::timestamptz
      WHERE id = ${operationUuid}::uuid AND ${from !== to} AND EXISTS (SELECT FROM base)
    ), method AS (
      UPDATE payments SET brand = ${brand ?? null}, last4 = ${last4 ?? null}, expiry_month = ${expiryMonth ?? null}::int,
        expiry_year = ${expiryYear ?? null}::int
      WHERE id = (SELECT payment_id FROM base) AND ${outcome.method !== null}
    ), added AS (
      INSERT INTO payment_operations (id, payment_id, order_id, provider, kind, status, amount, currency, provider_reference, reason,
        idempotency_key, lease_until, created_at, updated_at)
      SELECT row.uuid, payment_id, order_id, provider, row.kind::payment_operation_kind, 'SUCCEEDED', row.amount, currency,
        ${outcome.reference}, row.reason, row.key, ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
      FROM base, jsonb_to_recordset(${added}::jsonb) AS row (uuid uuid, kind text, amount bigint, key text, reason text)
    ), accounts AS (
      INSERT INTO ledger_accounts (type, currency)
      SELECT type, currency FROM base, unnest(enum_range(NULL::ledger_account_type)) type
      WHERE NOT EXISTS (SELECT FROM ledger_accounts known WHERE known.type = type.type AND known.currency = base.currency)
      ON CONFLICT DO NOTHING
    ), posted AS (
      INSERT INTO ledger_transactions (id, operation_id, order_id, created_at)
      SELECT row.id, row.operation_id, order_id, ${at}::timestamptz
      FROM base, jsonb_to_recordset(${transactions}::jsonb) AS row (id uuid, operation_id uuid)
    ), entered AS (
      INSERT INTO ledger_entries (id, transaction_id, account_type, currency, amount)
      SELECT row.id, transaction_id, account_type::ledger_account_type, row.currency, row.amount
      FROM base, jsonb_to_recordset(${entries}::jsonb) AS row (
        id uuid, transaction_id uuid, account_type text, currency text, amount bigint)
    ), feed AS (
      INSERT INTO outbox_events (id, type, subject_type, subject_id, data, created_at)
      SELECT row.id, row.type, 'payment', payment_id,
        jsonb_build_object('orderId', order_id, 'operationId', ${operationUuid}::text), ${at}::timestamptz
      FROM base, jsonb_to_recordset(${events}::jsonb) AS row (id uuid, type text)
    ), ${Prisma.join(changes)}
    SELECT EXISTS (SELECT FROM base) AS found, ${effect.took ?? Prisma.sql`true`} AS taken, ${effect.queued ?? null}::text AS queued`;
  if (!found) throw new Error("A payment operation moved though its order was locked");
  if (!taken) throw new Error("An order is not where its payment's outcome finds it");
}

const projected = (at: Date, { paymentStatus }: OutcomeRows) => Prisma.sql`
    projected AS (
      UPDATE orders SET payment_status = ${paymentStatus}::payment_status, updated_at = ${at}::timestamptz
      WHERE id = (SELECT order_id FROM base)
    )`;
