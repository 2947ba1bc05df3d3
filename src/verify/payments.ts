import { Prisma } from "../generated/prisma/client";
import { later, MINUTE } from "../platform/clock";
import type { Invariant } from "./invariant";

/** How long after its lease an operation may still be PENDING: the sweep comes round every few seconds. */
const PENDING_LIMIT_MS = 5 * MINUTE;

/** Sums of what succeeded, by payment or order. */
const SUMS = Prisma.sql`
  sum(amount) FILTER (WHERE kind = 'AUTHORIZE' AND status = 'SUCCEEDED') AS authorized,
  sum(amount) FILTER (WHERE kind = 'CAPTURE' AND status = 'SUCCEEDED') AS captured,
  sum(amount) FILTER (WHERE kind = 'VOID' AND status = 'SUCCEEDED') AS voided,
  sum(amount) FILTER (WHERE kind = 'REFUND' AND status = 'SUCCEEDED') AS refunded`;

export const paymentInvariants: Invariant[] = [
  {
    name: "captured and voided ≤ authorised, refunded ≤ captured",
    find: () => Prisma.sql`
      SELECT payment_id::text AS subject, format('authorised %s, captured %s, voided %s, refunded %s', authorized, captured, voided,
        refunded) AS detail
      FROM (SELECT payment_id, ${SUMS} FROM payment_operations GROUP BY payment_id) sums
      WHERE coalesce(captured, 0) + coalesce(voided, 0) > coalesce(authorized, 0) OR coalesce(refunded, 0) > coalesce(captured, 0)`,
  },
  {
    name: "nobody pays more than the order's total",
    find: () => Prisma.sql`
      SELECT o.id::text AS subject, format('total %s, authorised %s, captured %s, voided %s, refunded %s', o.total, authorized, captured,
        voided, refunded) AS detail
      FROM orders o JOIN (SELECT order_id, ${SUMS} FROM payment_operations GROUP BY order_id) sums ON sums.order_id = o.id
      WHERE coalesce(authorized, 0) - coalesce(voided, 0) - coalesce(refunded, 0) > o.total`,
  },
  {
    name: "an order's payment status is what its operations say",
    find: () => Prisma.sql`
      WITH operations AS (
        SELECT order_id, ${SUMS}, bool_or(status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN')) AS open,
          (array_agg(status ORDER BY created_at DESC, id DESC))[1] AS last
        FROM payment_operations GROUP BY order_id),
      projected AS (
        SELECT o.id, o.payment_status, CASE
          WHEN captured > 0 AND refunded = captured THEN 'REFUNDED'
          WHEN refunded > 0 THEN 'PARTIALLY_REFUNDED'
          WHEN captured >= o.total THEN 'PAID'
          WHEN captured > 0 THEN 'PARTIALLY_PAID'
          WHEN open THEN 'PROCESSING'
          WHEN authorized - coalesce(voided, 0) >= o.total AND voided IS DISTINCT FROM authorized THEN 'AUTHORIZED'
          WHEN voided = authorized THEN 'VOIDED'
          WHEN last = 'FAILED' THEN 'FAILED'
          ELSE 'UNPAID' END AS should_be
        FROM orders o LEFT JOIN operations ON operations.order_id = o.id)
      SELECT id::text AS subject, format('says %s, should be %s', payment_status, should_be) AS detail
      FROM projected WHERE payment_status::text <> should_be`,
  },
  {
    name: "an operation is in its payment's and its order's currency, and of no more than the payment",
    find: () => Prisma.sql`
      SELECT op.id::text AS subject, format('%s %s of a payment of %s %s for an order in %s', op.amount, op.currency, p.amount, p.currency,
        o.currency) AS detail
      FROM payment_operations op JOIN payments p ON p.id = op.payment_id JOIN orders o ON o.id = op.order_id
      WHERE op.order_id <> p.order_id OR op.provider <> p.provider OR op.currency <> p.currency OR op.amount > p.amount
        OR (op.status <> 'FAILED' AND op.currency <> o.currency)`,
  },
  {
    name: "one attempt to pay an order is open at a time, and only while the order is PENDING",
    find: () => Prisma.sql`
      SELECT o.id::text AS subject, format('%s with %s open', o.status, count(*)) AS detail
      FROM payment_operations op JOIN orders o ON o.id = op.order_id
      WHERE op.kind = 'AUTHORIZE' AND op.status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN')
      GROUP BY o.id HAVING count(*) > 1 OR o.status <> 'PENDING'`,
  },
  {
    name: "no operation is PENDING for longer than its time limit",
    find: (at) => Prisma.sql`
      SELECT id::text AS subject, format('%s, leased until %s', kind, lease_until) AS detail FROM payment_operations
      WHERE status = 'PENDING' AND lease_until < ${later(at, -PENDING_LIMIT_MS)}::timestamptz`,
  },
  {
    name: "no request waits for its answer for longer than its time limit",
    find: (at) => Prisma.sql`
      SELECT actor::text AS subject, format('%s, leased until %s', operation, lease_until) AS detail FROM idempotency_records
      WHERE (state = 'RUNNING' AND coalesce(lease_until, created_at) < ${later(at, -PENDING_LIMIT_MS)}::timestamptz)
        OR (state = 'DONE' AND outcome IS NULL)`,
  },
  {
    name: "the sandbox provider's books and ours agree",
    find: () => Prisma.sql`
      SELECT coalesce(op.id::text, c.key) AS subject, format('ours: %s %s %s, theirs: %s %s %s', op.kind, op.status, op.amount, c.kind,
        c.outcome, c.amount) AS detail
      FROM (SELECT *, regexp_replace(idempotency_key, ':capture$', '') AS asked_with FROM payment_operations WHERE provider = 'sandbox') op
      FULL JOIN sandbox.charges c ON c.key = op.asked_with
      WHERE (op.status = 'SUCCEEDED' AND (c.outcome, c.amount, c.currency) IS DISTINCT FROM ('SUCCEEDED', op.amount, op.currency))
        OR (c.outcome = 'SUCCEEDED' AND (op.id IS NULL OR op.status = 'FAILED'))
        OR (c.kind = 'SALE' AND op.kind = 'AUTHORIZE' AND op.status = 'SUCCEEDED' AND NOT EXISTS (
          SELECT FROM payment_operations t WHERE t.idempotency_key = op.idempotency_key || ':capture'))`,
  },
];
