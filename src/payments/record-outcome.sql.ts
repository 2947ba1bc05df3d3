import type { PaymentOperationStatus, PaymentStatus } from "../generated/prisma/enums";
import type { Tx } from "../platform/database";
import { newId } from "../platform/ids";
import type { ledgerRows } from "./ledger";
import type { ProviderOutcome } from "./provider";

export type OutcomeRows = {
  operationUuid: string;
  from: PaymentOperationStatus;
  to: PaymentOperationStatus;
  /** Of the CAPTURE operation that comes with it */
  captureUuid: string | null;
  outcome: ProviderOutcome;
  paymentStatus: PaymentStatus;
  currency: string;
  ledger: ReturnType<typeof ledgerRows>[];
  /** Types of the events for the feed */
  events: string[];
};

/** All that the outcome of an operation changes, in one statement; nothing of it unless the operation still is where it was. */
export async function writeOutcome(tx: Tx, at: Date, rows: OutcomeRows): Promise<void> {
  const { operationUuid, captureUuid, outcome, ledger } = rows;
  const { brand, last4, expiryMonth, expiryYear } = outcome.method ?? {};
  const transactions = JSON.stringify(ledger.map(({ transaction }) => transaction));
  const entries = JSON.stringify(ledger.flatMap((posting) => posting.entries));
  const events = JSON.stringify(rows.events.map((type) => ({ id: newId(), type })));
  const [{ moved }] = await tx.$queryRaw<[{ moved: boolean }]>`
    WITH moved AS (
      UPDATE payment_operations SET status = ${rows.to}::payment_operation_status, reason = ${outcome.reason},
        provider_reference = coalesce(${outcome.reference}, provider_reference), updated_at = ${at}::timestamptz
      WHERE id = ${operationUuid}::uuid AND status = ${rows.from}::payment_operation_status
      RETURNING payment_id, order_id, provider, amount, currency, idempotency_key
    ), method AS (
      UPDATE payments SET brand = ${brand ?? null}, last4 = ${last4 ?? null}, expiry_month = ${expiryMonth ?? null}::int,
        expiry_year = ${expiryYear ?? null}::int
      WHERE id = (SELECT payment_id FROM moved) AND ${outcome.method !== null}
    ), captured AS (
      INSERT INTO payment_operations (id, payment_id, order_id, provider, kind, status, amount, currency, provider_reference,
        idempotency_key, lease_until, created_at, updated_at)
      SELECT ${captureUuid}::uuid, payment_id, order_id, provider, 'CAPTURE', 'SUCCEEDED', amount, currency, ${outcome.reference},
        idempotency_key || ':capture', ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
      FROM moved WHERE ${captureUuid !== null}
    ), accounts AS (
      INSERT INTO ledger_accounts (type, currency)
      SELECT type, currency FROM moved, unnest(enum_range(NULL::ledger_account_type)) type
      WHERE NOT EXISTS (SELECT FROM ledger_accounts known WHERE known.type = type.type AND known.currency = moved.currency)
      ON CONFLICT DO NOTHING
    ), posted AS (
      INSERT INTO ledger_transactions (id, operation_id, order_id, created_at)
      SELECT row.id, row.operation_id, order_id, ${at}::timestamptz
      FROM moved, jsonb_to_recordset(${transactions}::jsonb) AS row (id uuid, operation_id uuid)
    ), entered AS (
      INSERT INTO ledger_entries (id, transaction_id, account_type, currency, amount)
      SELECT row.id, transaction_id, account_type::ledger_account_type, row.currency, row.amount
      FROM moved, jsonb_to_recordset(${entries}::jsonb) AS row (
        id uuid, transaction_id uuid, account_type text, currency text, amount bigint)
    ), projected AS (
      UPDATE orders SET payment_status = ${rows.paymentStatus}::payment_status, updated_at = ${at}::timestamptz
      WHERE id = (SELECT order_id FROM moved)
    ), feed AS (
      INSERT INTO outbox_events (id, type, subject_type, subject_id, data, created_at)
      SELECT row.id, row.type, 'payment', payment_id,
        jsonb_build_object('orderId', order_id, 'operationId', ${operationUuid}::text), ${at}::timestamptz
      FROM moved, jsonb_to_recordset(${events}::jsonb) AS row (id uuid, type text)
    )
    SELECT EXISTS (SELECT FROM moved) AS moved`;
  if (!moved) throw new Error("A payment operation moved though its order was locked");
}
