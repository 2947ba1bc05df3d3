import { Prisma } from "../generated/prisma/client";
import type { Invariant } from "./invariant";

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
    name: "a payment's sums are those of its operations",
    find: () => Prisma.sql`
      WITH counted AS (
        SELECT payment_id, kind, status = 'SUCCEEDED' AS done, sum(amount) AS amount FROM payment_operations
        WHERE status <> 'FAILED' GROUP BY payment_id, kind, status = 'SUCCEEDED'),
      sums AS (
        SELECT payment_id, coalesce(sum(amount) FILTER (WHERE kind = 'AUTHORIZE' AND done), 0) AS authorized,
          coalesce(sum(amount) FILTER (WHERE kind = 'CAPTURE' AND done), 0) AS captured,
          coalesce(sum(amount) FILTER (WHERE kind = 'VOID' AND done), 0) AS voided,
          coalesce(sum(amount) FILTER (WHERE kind = 'REFUND' AND done), 0) AS refunded,
          coalesce(sum(amount) FILTER (WHERE kind = 'CAPTURE' AND NOT done), 0) AS capturing,
          coalesce(sum(amount) FILTER (WHERE kind = 'VOID' AND NOT done), 0) AS voiding,
          coalesce(sum(amount) FILTER (WHERE kind = 'REFUND' AND NOT done), 0) AS refunding
        FROM counted GROUP BY payment_id)
      SELECT p.id::text AS subject, format('says %s of %s authorised, %s (%s) of %s (%s) captured, %s (%s) of %s (%s) voided, %s (%s) of '
        '%s (%s) refunded', p.authorized, s.authorized, p.captured, p.capturing, s.captured, s.capturing, p.voided, p.voiding, s.voided,
        s.voiding, p.refunded, p.refunding, s.refunded, s.refunding) AS detail
      FROM payments p LEFT JOIN sums s ON s.payment_id = p.id
      WHERE p.authorized <> coalesce(s.authorized, 0) OR p.captured <> coalesce(s.captured, 0) OR p.voided <> coalesce(s.voided, 0)
        OR p.refunded <> coalesce(s.refunded, 0) OR p.capturing <> coalesce(s.capturing, 0) OR p.voiding <> coalesce(s.voiding, 0)
        OR p.refunding <> coalesce(s.refunding, 0)`,
  },
  {
    name: "nobody pays more than the order's total",
    find: () => Prisma.sql`
      SELECT o.id::text AS subject, format('total %s, paid or authorised %s', o.total, sum(p.authorized - p.voided - p.refunded)) AS detail
      FROM orders o JOIN payments p ON p.order_id = o.id
      WHERE NOT p.surplus AND o.status IN ('OPEN', 'COMPLETED') GROUP BY o.id HAVING sum(p.authorized - p.voided - p.refunded) > o.total`,
  },
  {
    name: "money that buys nothing is being given back",
    find: () => Prisma.sql`
      SELECT p.id::text AS subject, format('%s order, %s%s authorised, %s captured, %s voided, %s refunded', o.status,
        CASE WHEN p.surplus THEN 'surplus, ' END, p.authorized, p.captured, p.voided, p.refunded) AS detail
      FROM payments p JOIN orders o ON o.id = p.order_id
      WHERE CASE
        WHEN p.amount = 0 THEN NOT p.surplus AND o.status IN ('PENDING', 'EXPIRED') AND EXISTS (
          SELECT FROM payment_operations op WHERE op.payment_id = p.id AND op.kind = 'AUTHORIZE' AND op.status = 'SUCCEEDED')
        WHEN p.surplus OR o.status NOT IN ('OPEN', 'COMPLETED')
          THEN p.authorized > p.voided + p.voiding + p.refunded + p.refunding AND NOT EXISTS (SELECT FROM payment_operations op
            WHERE op.payment_id = p.id AND op.kind IN ('VOID', 'REFUND') AND op.status <> 'SUCCEEDED')
        END`,
  },
  {
    name: "an order's payment status is what its operations say",
    find: () => Prisma.sql`
      WITH operations AS (
        SELECT op.order_id, ${SUMS}, bool_or(status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN')) AS open,
          (array_agg(status ORDER BY op.created_at DESC, op.id DESC))[1] AS last
        FROM (SELECT * FROM payment_operations WHERE NOT EXISTS (
          SELECT FROM payments p WHERE p.id = payment_id AND p.surplus)) op GROUP BY op.order_id),
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
        OR (op.status <> 'FAILED' AND NOT p.surplus AND op.currency <> o.currency)`,
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
    name: "the sandbox provider's books and ours agree",
    // Operations that came with another one's outcome have its key, and more behind a colon.
    find: () => Prisma.sql`
      WITH ours AS (
        SELECT id, split_part(idempotency_key, ':', 1) AS key, kind::text, status, amount, currency FROM payment_operations
        WHERE provider = 'sandbox'),
      theirs AS (SELECT key, kind, amount, currency, asked FROM sandbox.movements WHERE state IN ('SUCCEEDED', 'LAPSED'))
      SELECT ours.id::text AS subject, format('ours: %s %s %s, theirs: %s %s', ours.kind, ours.amount, ours.currency,
        coalesce(theirs.amount::text, 'nothing'), theirs.currency) AS detail
      FROM ours LEFT JOIN theirs ON theirs.key = ours.key AND theirs.kind = ours.kind
      WHERE ours.status = 'SUCCEEDED' AND (theirs.amount, theirs.currency) IS DISTINCT FROM (ours.amount, ours.currency)
      UNION ALL
      SELECT key, format('theirs: %s %s %s, not ours', kind, amount, currency) FROM theirs
      WHERE (asked OR kind = 'CAPTURE') -- what lapsed there is looked for from time to time
        AND NOT EXISTS (SELECT FROM ours WHERE ours.key = theirs.key AND (status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN')
          OR (status = 'SUCCEEDED' AND ours.kind = theirs.kind)))`,
  },
];
