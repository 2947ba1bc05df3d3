import { Prisma } from "../generated/prisma/client";
import type { PaymentOperationKind, PaymentOperationStatus, PaymentStatus } from "../generated/prisma/enums";
import type { Sql } from "../platform/database";
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
  /** Queues jobs: for the SELECT list */
  queued?: Prisma.Sql;
  /** What the statement answers with: JSON, read when all but the sums of the payment is written; null when it isn't given */
  shown?: Prisma.Sql;
  /**
   * Whether it has written the order's row, its payment status too; else the statement was for nothing. PostgreSQL changes a row once in a
   * statement: when this isn't given, the books write the order's payment status.
   */
  wroteOrder?: Prisma.Sql;
};

type Locked = Pick<OutcomeRows, "operationUuid" | "from">;

/** SQL for a WITH list, `base`: the operation while it is where the outcome finds it. Its order is locked. */
export const lockedBefore = ({ operationUuid, from }: Locked) => Prisma.sql`
    base AS MATERIALIZED (
      SELECT payment_id, order_id, provider, currency FROM payment_operations
      WHERE id = ${operationUuid}::uuid AND status = ${from}::payment_operation_status
    )`;

/**
 * The same, of an order that is as it was placed, its goods held and its cart open. Locks are taken in the usual order (cart, order, what is
 * the order's); a row that the statement waited for is looked at as it is then. States are compared as text: no index has them so, so that
 * each row is found by its key. While few are in a state, PostgreSQL likes to read all that are; many may be before it plans anew.
 */
export const lockedNow = ({ operationUuid, from }: Locked, orderUuid: string) => Prisma.sql`
    locked_cart AS MATERIALIZED (
      SELECT id FROM carts WHERE id = (SELECT cart_id FROM orders WHERE id = ${orderUuid}::uuid) AND state::text = 'ACTIVE' FOR NO KEY UPDATE
    ), locked_order AS MATERIALIZED (
      SELECT o.id FROM locked_cart JOIN orders o ON o.cart_id = locked_cart.id
      WHERE o.id = ${orderUuid}::uuid AND o.status::text = 'PENDING' FOR NO KEY UPDATE OF o
    ), locked_goods AS MATERIALIZED (
      SELECT r.id FROM locked_order JOIN reservations r ON r.order_id = locked_order.id WHERE r.state::text = 'HELD' FOR NO KEY UPDATE OF r
    ), base AS MATERIALIZED (
      SELECT payment_id, order_id, provider, currency FROM payment_operations
      WHERE id = ${operationUuid}::uuid AND status = ${from}::payment_operation_status AND EXISTS (SELECT FROM locked_goods)
      FOR NO KEY UPDATE
    )`;

/**
 * All that the outcome of an operation changes, in the books and by its `effect`, in one statement; nothing of it unless `locked` has the
 * operation where it was read. @returns what the effect shows @throws what lostRace knows when it hasn't
 */
export async function writeOutcome(
  sql: Sql,
  at: Date,
  locked: Prisma.Sql,
  rows: OutcomeRows,
  effect: Effect,
): Promise<unknown> {
  const { operationUuid, from, to, outcome, ledger } = rows;
  const { brand, last4, expiryMonth, expiryYear } = outcome.method ?? {};
  const added = JSON.stringify(rows.added.map((one) => ({ ...one, amount: one.amount.toString() })));
  const transactions = JSON.stringify(ledger.map(({ transaction }) => transaction));
  const entries = JSON.stringify(ledger.flatMap((posting) => posting.entries));
  const changes = [...(effect.wroteOrder ? [] : [projected(at, rows)]), ...(effect.changes ?? [])];
  const events = JSON.stringify(rows.events.map((type) => ({ id: newId(), type })));
  const [{ shown }] = await sql.$queryRaw<[{ shown: unknown }]>`
    WITH ${locked}, moved AS (
      UPDATE payment_operations SET status = ${to}::payment_operation_status, reason = coalesce(${outcome.reason}, nullif(reason, 'mismatch')),
        provider_reference = coalesce(${outcome.reference}, provider_reference),
        lease_until = coalesce(${rows.leaseUntil}::timestamptz, lease_until), updated_at = ${at}::timestamptz
      WHERE id = ${operationUuid}::uuid AND ${from !== to} AND EXISTS (SELECT FROM base)
      RETURNING id
    ), method AS (
      UPDATE payments SET brand = ${brand ?? null}, last4 = ${last4 ?? null}, expiry_month = ${expiryMonth ?? null}::int,
        expiry_year = ${expiryYear ?? null}::int
      WHERE id = (SELECT payment_id FROM base) AND ${outcome.method !== null}
      RETURNING id
    ), added AS (
      INSERT INTO payment_operations (id, payment_id, order_id, provider, kind, status, amount, currency, provider_reference, reason,
        idempotency_key, lease_until, created_at, updated_at)
      SELECT row.uuid, payment_id, order_id, provider, row.kind::payment_operation_kind, 'SUCCEEDED', row.amount, currency,
        ${outcome.reference}, row.reason, row.key, ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
      FROM base, jsonb_to_recordset(${added}::jsonb) AS row (uuid uuid, kind text, amount bigint, key text, reason text)
      RETURNING id
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
    SELECT CASE WHEN or_race_is_lost(EXISTS (SELECT FROM base) AND ${effect.wroteOrder ?? PROJECTED}) AND ${WRITTEN}
      THEN ${effect.shown ?? Prisma.sql`NULL::json`} END AS shown, ${effect.queued ?? null}::text AS queued, ${OPENED} AS opened`;
  return shown;
}

/**
 * What is not asked for its rows is written last: too late to be shown. Always true; all rows are asked for because none has no id, which
 * PostgreSQL knows of tables and not of what a statement returns (were it to know, orders would be shown as they were).
 */
const WRITTEN = Prisma.sql`
  NOT EXISTS (SELECT FROM moved WHERE id IS NULL) AND NOT EXISTS (SELECT FROM method WHERE id IS NULL)
  AND NOT EXISTS (SELECT FROM added WHERE id IS NULL)`;

/** Entries name accounts: those of a currency are opened by its first outcome. PostgreSQL looks for them when all is written. */
const OPENED = Prisma.sql`
  (SELECT open_ledger_accounts(currency) FROM base WHERE cardinality(enum_range(NULL::ledger_account_type))
    > (SELECT count(*) FROM ledger_accounts known WHERE known.currency = base.currency))`;

const PROJECTED = Prisma.sql`EXISTS (SELECT FROM projected)`;
const projected = (at: Date, { paymentStatus }: OutcomeRows) => Prisma.sql`
    projected AS (
      UPDATE orders SET payment_status = ${paymentStatus}::payment_status, updated_at = ${at}::timestamptz
      WHERE id = (SELECT order_id FROM base)
      RETURNING id
    )`;
