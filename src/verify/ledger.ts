import { Prisma } from "../generated/prisma/client";
import type { Invariant } from "./invariant";

export const ledgerInvariants: Invariant[] = [
  {
    name: "every ledger transaction has entries and sums to 0",
    find: () => Prisma.sql`
      SELECT t.id::text AS subject, format('%s %s', e.currency, sum(e.amount)) AS detail
      FROM ledger_transactions t LEFT JOIN ledger_entries e ON e.transaction_id = t.id
      GROUP BY t.id, e.currency HAVING sum(e.amount) IS DISTINCT FROM 0`,
  },
  {
    name: "every operation that succeeded is one ledger transaction, and no other is",
    find: () => Prisma.sql`
      SELECT op.id::text AS subject, format('%s %s, %s transactions', op.kind, op.status, count(t.id)) AS detail
      FROM payment_operations op LEFT JOIN ledger_transactions t ON t.operation_id = op.id AND t.order_id = op.order_id
      GROUP BY op.id HAVING count(t.id) <> CASE WHEN op.status = 'SUCCEEDED' THEN 1 ELSE 0 END`,
  },
  {
    name: "ledger entries say what their operation did",
    find: () => Prisma.sql`
      WITH posted AS (
        SELECT t.operation_id, coalesce(sum(e.amount) FILTER (WHERE e.account_type = 'AUTHORIZED'), 0) AS authorized,
          coalesce(sum(e.amount) FILTER (WHERE e.account_type = 'PROVIDER_CLEARING'), 0) AS cleared,
          coalesce(sum(e.amount) FILTER (
            WHERE e.account_type IN ('SALES', 'SHIPPING_INCOME', 'TAX_PAYABLE', 'CUSTOMER_CREDIT')), 0) AS earned,
          min(e.currency) AS least, max(e.currency) AS most
        FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id GROUP BY t.operation_id)
      SELECT op.id::text AS subject, format('%s of %s posted: authorised %s, clearing %s, earned %s', op.kind, op.amount, authorized,
        cleared, earned) AS detail
      FROM posted JOIN payment_operations op ON op.id = posted.operation_id
      WHERE op.currency <> least OR op.currency <> most OR (authorized, cleared, earned) IS DISTINCT FROM (
        op.amount * CASE op.kind WHEN 'AUTHORIZE' THEN 1 WHEN 'REFUND' THEN 0 ELSE -1 END,
        op.amount * CASE op.kind WHEN 'CAPTURE' THEN 1 WHEN 'REFUND' THEN -1 ELSE 0 END,
        op.amount * CASE op.kind WHEN 'CAPTURE' THEN -1 WHEN 'REFUND' THEN 1 ELSE 0 END)`,
  },
  {
    name: "an order captured in full earned its own total and tax; one refunded in full, nothing",
    find: () => Prisma.sql`
      WITH earned AS (
        SELECT t.order_id, e.currency, sum(e.amount) FILTER (WHERE e.account_type = 'PROVIDER_CLEARING') AS cleared,
          coalesce(-sum(e.amount) FILTER (WHERE e.account_type = 'TAX_PAYABLE'), 0) AS tax,
          coalesce(-sum(e.amount) FILTER (WHERE e.account_type IN ('SALES', 'SHIPPING_INCOME')), 0) AS income
        FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id GROUP BY t.order_id, e.currency)
      SELECT o.id::text AS subject, format('earned %s and %s tax of %s and %s', income, earned.tax, o.total - o.tax, o.tax) AS detail
      FROM orders o JOIN earned ON earned.order_id = o.id AND earned.currency = o.currency
      WHERE (cleared = o.total AND (income, earned.tax) IS DISTINCT FROM (o.total - o.tax, o.tax) AND o.payment_status = 'PAID')
        OR (o.payment_status = 'REFUNDED' AND cleared = 0 AND (income <> 0 OR earned.tax <> 0))`,
  },
];
