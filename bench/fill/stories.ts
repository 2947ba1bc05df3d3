/**
 * What can become of an order, and how many of a thousand fare so: its states in the end, what became of its reservations, and how long ago
 * it was placed at most.
 */
export const STORIES = `
CREATE TEMP TABLE story (name, share, status, payment_status, stock, opened, restocked, age) AS VALUES
  ('paid', 520, 'OPEN', 'PAID', 'COMMITTED', true, false, interval '365 days'),
  ('shipped', 200, 'COMPLETED', 'PAID', 'CONSUMED', true, false, '365 days'),
  ('captured in parts', 40, 'OPEN', 'PAID', 'COMMITTED', true, false, '365 days'),
  ('captured in part', 20, 'OPEN', 'PARTIALLY_PAID', 'COMMITTED', true, false, '365 days'),
  ('refunded in part', 40, 'OPEN', 'PARTIALLY_REFUNDED', 'COMMITTED', true, false, '365 days'),
  ('sent back', 30, 'OPEN', 'REFUNDED', 'RELEASED', true, true, '365 days'),
  ('paid at the second attempt', 40, 'OPEN', 'PAID', 'COMMITTED', true, false, '365 days'),
  ('declined', 30, 'PENDING', 'FAILED', 'RELEASED', false, false, '365 days'),
  ('expired', 30, 'EXPIRED', 'FAILED', 'EXPIRED', false, false, '365 days'),
  ('cancelled and voided', 10, 'CANCELLED', 'VOIDED', 'RELEASED', true, false, '365 days'),
  ('cancelled and refunded', 10, 'CANCELLED', 'REFUNDED', 'RELEASED', true, false, '365 days'),
  ('paid too late', 5, 'EXPIRED', 'REFUNDED', 'EXPIRED', false, false, '365 days'),
  ('paid twice', 5, 'OPEN', 'PAID', 'COMMITTED', true, false, '365 days'),
  ('lapsed', 2, 'OPEN', 'VOIDED', 'COMMITTED', true, false, '365 days'),
  ('authorised', 10, 'OPEN', 'AUTHORIZED', 'COMMITTED', true, false, '4 days'),
  ('being captured', 1, 'OPEN', 'PROCESSING', 'COMMITTED', true, false, '1 minute'),
  ('being paid', 2, 'PENDING', 'PROCESSING', 'HELD', false, false, '1 minute'),
  ('waiting for its buyer', 1, 'PENDING', 'PROCESSING', 'HELD', false, false, '1 minute'),
  ('unknown', 2, 'PENDING', 'PROCESSING', 'HELD', false, false, '5 minutes'),
  ('unknown for long', 1, 'PENDING', 'PROCESSING', 'EXPIRED', false, false, '1 day'),
  ('not given back', 1, 'EXPIRED', 'PAID', 'EXPIRED', false, false, '365 days')`;

/**
 * The operations of each story, in order: `part` of the payment, or what that leaves of it; `follows` and `suffix`: it came with the outcome
 * of that operation and has its key; `attempt`: which payment it belongs to.
 */
export const STEPS = `
CREATE TEMP TABLE step (name, seq, attempt, kind, status, part, rest, follows, suffix, reason, restock) AS
  SELECT name, 1, 1, 'AUTHORIZE', 'SUCCEEDED', 1.0, false, NULL::int, '', NULL, false FROM story
  WHERE opened AND name NOT IN ('paid at the second attempt', 'paid twice')
UNION ALL
  SELECT name, 2, 1, 'CAPTURE', 'SUCCEEDED', 1.0, false, 1, ':capture', NULL, false FROM story
  WHERE name IN ('paid', 'shipped', 'refunded in part', 'sent back', 'cancelled and refunded')
UNION ALL
  SELECT name, 1, 1, 'AUTHORIZE', 'FAILED', 1.0, false, NULL, '', 'declined', false FROM story
  WHERE name IN ('paid at the second attempt', 'declined', 'expired', 'paid too late', 'paid twice', 'not given back')
UNION ALL
  SELECT name, seq, 2, kind, 'SUCCEEDED', 1.0, false, follows, suffix, NULL, false
  FROM story, (VALUES (2, 'AUTHORIZE', NULL::int, ''), (3, 'CAPTURE', 2, ':capture')) more (seq, kind, follows, suffix)
  WHERE name IN ('paid at the second attempt', 'paid twice')
UNION ALL
  SELECT name, seq, 1, kind, 'SUCCEEDED', 1.0, false, 1, suffix, reason, false
  FROM story, (VALUES (4, 'AUTHORIZE', ':late', 'late'), (5, 'CAPTURE', ':capture', NULL)) more (seq, kind, suffix, reason)
  WHERE name IN ('paid too late', 'paid twice', 'not given back')
UNION ALL
  SELECT name, 6, 1, 'REFUND', 'SUCCEEDED', 1.0, false, NULL, '', 'late', false FROM story WHERE name IN ('paid too late', 'paid twice')
UNION ALL VALUES
  ('captured in parts', 2, 1, 'CAPTURE', 'SUCCEEDED', 0.4, false, NULL, '', NULL, false),
  ('captured in parts', 3, 1, 'CAPTURE', 'SUCCEEDED', 0.4, true, NULL, '', NULL, false),
  ('captured in part', 2, 1, 'CAPTURE', 'SUCCEEDED', 0.5, false, NULL, '', NULL, false),
  ('captured in part', 3, 1, 'VOID', 'SUCCEEDED', 0.5, true, 2, ':released', 'released', false),
  ('refunded in part', 3, 1, 'REFUND', 'SUCCEEDED', 0.3, false, NULL, '', 'broken', false),
  ('sent back', 3, 1, 'REFUND', 'SUCCEEDED', 1.0, false, NULL, '', 'returned', true),
  ('cancelled and voided', 2, 1, 'VOID', 'SUCCEEDED', 1.0, false, NULL, '', 'cancelled', false),
  ('cancelled and refunded', 3, 1, 'REFUND', 'SUCCEEDED', 1.0, false, NULL, '', 'cancelled', false),
  ('lapsed', 2, 1, 'VOID', 'SUCCEEDED', 1.0, false, 1, ':lapsed', 'expired', false),
  ('not given back', 6, 1, 'REFUND', 'FAILED', 1.0, false, NULL, '', 'refused', false),
  ('being captured', 2, 1, 'CAPTURE', 'PENDING', 1.0, false, NULL, '', NULL, false),
  ('being paid', 1, 1, 'AUTHORIZE', 'PENDING', 1.0, false, NULL, '', NULL, false),
  ('waiting for its buyer', 1, 1, 'AUTHORIZE', 'ACTION_REQUIRED', 1.0, false, NULL, '', NULL, false),
  ('unknown', 1, 1, 'AUTHORIZE', 'UNKNOWN', 1.0, false, NULL, '', NULL, false),
  ('unknown for long', 1, 1, 'AUTHORIZE', 'UNKNOWN', 1.0, false, NULL, '', NULL, false)`;
