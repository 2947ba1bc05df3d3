import { Prisma } from "../generated/prisma/client";
import type { PaymentOperationKind, PaymentOperationStatus } from "../generated/prisma/enums";
import type { Context } from "../platform/context";
import { toId } from "../platform/ids";
import { load } from "../platform/loaders";
import { money } from "../platform/types";
import { sumByKind } from "./payment-status";

export type StoredOperation = {
  uuid: string;
  kind: PaymentOperationKind;
  status: PaymentOperationStatus;
  amount: number;
  reason: string | null;
  createdAt: string;
};
/** A payment as `paymentsOf` puts it into an order's row: amounts are integers of minor units. */
export type StoredPayment = {
  uuid: string;
  provider: string;
  currency: string;
  brand: string | null;
  last4: string | null;
  expiryMonth: number | null;
  expiryYear: number | null;
  createdAt: string;
  operations: StoredOperation[];
};
/** Whose order a payment belongs to. */
export type PaymentOwner = { orderUuid: string; accountUuid: string | null };

/** SQL for a JSON list of an order's payments with their operations, oldest first; `orderId` is the order's column. */
export const paymentsOf = (orderId: Prisma.Sql) => Prisma.sql`(
  SELECT coalesce(json_agg(row_to_json(payment)), '[]') FROM (
    SELECT p.id AS "uuid", p.provider, p.currency, p.brand, p.last4, p.expiry_month AS "expiryMonth", p.expiry_year AS "expiryYear",
      p.created_at AS "createdAt", (SELECT coalesce(json_agg(row_to_json(operation)), '[]') FROM (
        SELECT op.id AS "uuid", op.kind, op.status, op.amount, op.reason, op.created_at AS "createdAt"
        FROM payment_operations op WHERE op.payment_id = p.id ORDER BY op.created_at, op.id) operation) AS operations
    FROM payments p WHERE p.order_id = ${orderId} ORDER BY p.created_at, p.id) payment)`;

/**
 * A payment as the schema shows it. Amounts are sums of its SUCCEEDED operations, each of which is one ledger transaction of the
 * same amount (`npm run verify` compares them).
 */
export function toPayment(stored: StoredPayment, owner: PaymentOwner) {
  const { uuid, provider, currency, brand, last4, expiryMonth, expiryYear, createdAt } = stored;
  const facts = stored.operations.map((operation) => ({ ...operation, amount: BigInt(operation.amount) }));
  const { AUTHORIZE, CAPTURE, REFUND, VOID } = sumByKind(facts);
  return {
    __typename: "Payment" as const,
    id: toId("pay", uuid),
    uuid,
    ...owner,
    provider,
    method: brand === null && last4 === null ? null : { brand, last4, expiryMonth, expiryYear },
    authorized: money(AUTHORIZE ?? 0n, currency),
    captured: money(CAPTURE ?? 0n, currency),
    refunded: money(REFUND ?? 0n, currency),
    voided: money(VOID ?? 0n, currency),
    operations: stored.operations.map((operation) => toOperation(operation, currency, owner)),
    createdAt,
  };
}

/** An operation as the schema shows it; its amount is of `currency`. */
export const toOperation = (stored: StoredOperation, currency: string, owner: PaymentOwner) => ({
  __typename: "PaymentOperation" as const,
  id: toId("payop", stored.uuid),
  uuid: stored.uuid,
  ...owner,
  kind: stored.kind,
  status: stored.status,
  amount: money(stored.amount, currency),
  reason: stored.reason,
  createdAt: stored.createdAt,
});

/** The payment with this uuid, loaded with all others of the tick; null when there is none. Says nothing of who may see it. */
export const loadPayment = (ctx: Context, uuid: string) => load(ctx, paymentsById, uuid);

/** As loadPayment, for one of its operations. */
export const loadOperation = (ctx: Context, uuid: string) => load(ctx, operationsById, uuid);

const paymentsById = async (ctx: Context, uuids: readonly string[]) =>
  byUuid(await findPayments(ctx, Prisma.sql`SELECT order_id FROM payments WHERE id = ANY(${uuids}::uuid[])`));

async function operationsById(ctx: Context, uuids: readonly string[]) {
  const orders = Prisma.sql`SELECT order_id FROM payment_operations WHERE id = ANY(${uuids}::uuid[])`;
  return byUuid((await findPayments(ctx, orders)).flatMap((payment) => payment.operations));
}

const byUuid = <Row extends { uuid: string }>(rows: Row[]) => new Map(rows.map((row) => [row.uuid, row]));

/** All payments of the orders that a sub-select names. */
async function findPayments(ctx: Context, orders: Prisma.Sql) {
  type Found = PaymentOwner & { payments: StoredPayment[] };
  const found = await ctx.db.$queryRaw<Found[]>`
    SELECT o.id AS "orderUuid", o.account_id AS "accountUuid", ${paymentsOf(Prisma.sql`o.id`)} AS "payments"
    FROM orders o WHERE o.id IN (${orders})`;
  return found.flatMap(({ payments, ...owner }) => payments.map((payment) => toPayment(payment, owner)));
}
