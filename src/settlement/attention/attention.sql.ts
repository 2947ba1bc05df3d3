import { Prisma } from "../../generated/prisma/client";
import { HOLD_MS } from "../../payments";
import { DAY, later, MINUTE } from "../../platform/clock";

/** Shorter than this a provider may be silent without anybody being called: what is open settles itself when it is back. */
const SILENCE_MS = 10 * MINUTE;
/** Card authorisations stand for about a week. */
const AGED_MS = 5 * DAY;

/**
 * SQL for everything that a person must look at: reason, since when, subject (whose uuid makes it one row) and what it is about. Each part
 * finds its rows through a partial index of what is not in order, so that a healthy shop is read in no time, however many orders it has.
 */
export const attentionRows = (now: Date) => Prisma.sql`
  ${openTooLong(now)} UNION ALL ${eventsToReview} UNION ALL ${giveBackFailed} UNION ALL ${lapsed} UNION ALL ${expiringSoon(now)}`;

/** A buyer who has to act has his own time first. */
const openTooLong = (now: Date) => Prisma.sql`
  SELECT CASE WHEN op.reason = 'mismatch' THEN 'MISMATCH' ELSE 'OUTCOME_UNKNOWN' END AS reason, op.created_at AS since, op.id AS subject,
    op.order_id, op.payment_id, op.id AS operation_id, NULL::uuid AS event_id, NULL AS note
  FROM payment_operations op
  WHERE op.status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN') AND (op.reason = 'mismatch' OR op.created_at
    < CASE WHEN op.status = 'ACTION_REQUIRED' THEN ${later(now, -HOLD_MS - SILENCE_MS)}::timestamptz
      ELSE ${later(now, -SILENCE_MS)}::timestamptz END)`;

const eventsToReview = Prisma.sql`
  SELECT 'PROVIDER_EVENT', e.received_at, e.id, op.order_id, op.payment_id, op.id, e.id, e.note
  FROM provider_events e LEFT JOIN payment_operations op ON op.id = e.operation_id
  WHERE e.state = 'REVIEW'`;

const giveBackFailed = Prisma.sql`
  SELECT 'GIVE_BACK_FAILED', failed.updated_at, p.id, p.order_id, p.id, failed.id, NULL, failed.reason
  FROM (SELECT DISTINCT ON (payment_id) * FROM payment_operations WHERE status = 'FAILED' AND kind IN ('VOID', 'REFUND')
    ORDER BY payment_id, created_at DESC, id DESC) failed
  JOIN payments p ON p.id = failed.payment_id JOIN orders o ON o.id = p.order_id
  WHERE (p.surplus OR o.status NOT IN ('OPEN', 'COMPLETED')) AND p.authorized > p.voided + p.voiding + p.refunded + p.refunding`;

const lapsed = Prisma.sql`
  SELECT 'AUTHORIZATION_LAPSED', void.created_at, void.payment_id, o.id, void.payment_id, void.id, NULL, NULL
  FROM orders o CROSS JOIN LATERAL (
    SELECT op.id, op.payment_id, op.created_at FROM payment_operations op JOIN payments p ON p.id = op.payment_id
    WHERE op.order_id = o.id AND op.kind = 'VOID' AND op.status = 'SUCCEEDED' AND NOT p.surplus
    ORDER BY op.created_at DESC, op.id DESC LIMIT 1) void
  WHERE o.status = 'OPEN' AND o.payment_status = 'VOIDED'`;

const expiringSoon = (now: Date) => Prisma.sql`
  SELECT 'AUTHORIZATION_EXPIRES_SOON', p.created_at + interval '120 hours', p.id, p.order_id, p.id, op.id, NULL, NULL
  FROM payments p JOIN orders o ON o.id = p.order_id
  JOIN payment_operations op ON op.payment_id = p.id AND op.kind = 'AUTHORIZE' AND op.status = 'SUCCEEDED'
  WHERE p.authorized > p.captured + p.voided + p.capturing + p.voiding AND p.created_at < ${later(now, -AGED_MS)}::timestamptz
    AND NOT p.surplus AND o.status IN ('OPEN', 'COMPLETED')`;
