import { Prisma } from "../generated/prisma/client";
import type { Invariant } from "./invariant";

export const orderInvariants: Invariant[] = [
  {
    name: "an order's total is its subtotal - discount + shipping, + tax where it is added",
    find: () => Prisma.sql`
      SELECT id::text AS subject, format('%s - %s + %s, tax %s, total %s', subtotal, discount, shipping, tax, total) AS detail
      FROM orders WHERE total <> subtotal - discount + shipping + CASE WHEN tax_included THEN 0 ELSE tax END`,
  },
  {
    name: "an order's subtotal is the sum of its lines, of which it has some",
    find: () => Prisma.sql`
      SELECT o.id::text AS subject, format('subtotal %s, lines %s', o.subtotal, l.total) AS detail
      FROM orders o LEFT JOIN (SELECT order_id, sum(total) AS total FROM order_lines GROUP BY order_id) l ON l.order_id = o.id
      WHERE l.total IS DISTINCT FROM o.subtotal`,
  },
  {
    name: "a line's total is its quantity times its price",
    find: () => Prisma.sql`
      SELECT id::text AS subject, format('%s × %s is not %s', quantity, unit_amount, total) AS detail
      FROM order_lines WHERE total <> quantity * unit_amount`,
  },
  {
    name: "discount, shipping and tax are the sums of their adjustments",
    find: () => Prisma.sql`
      SELECT o.id::text AS subject, format('discount %s of %s, shipping %s of %s, tax %s of %s', o.discount, a.discount, o.shipping,
        a.shipping, o.tax, a.tax) AS detail
      FROM orders o LEFT JOIN (
        SELECT order_id, sum(amount) FILTER (WHERE kind = 'DISCOUNT') AS discount, sum(amount) FILTER (WHERE kind = 'SHIPPING') AS shipping,
          sum(amount) FILTER (WHERE kind = 'TAX') AS tax
        FROM adjustments GROUP BY order_id) a ON a.order_id = o.id
      WHERE o.discount <> coalesce(a.discount, 0) OR o.shipping <> coalesce(a.shipping, 0) OR o.tax <> coalesce(a.tax, 0)`,
  },
  {
    name: "an order's taxes are all included or all added",
    find: () => Prisma.sql`
      SELECT o.id::text AS subject, format('tax included: %s, adjustment %s says %s', o.tax_included, a.id, a.included) AS detail
      FROM adjustments a JOIN orders o ON o.id = a.order_id WHERE a.kind = 'TAX' AND a.included <> o.tax_included`,
  },
  {
    name: "a cart is ORDERED when its order is OPEN or further, and only then",
    find: () => Prisma.sql`
      SELECT c.id::text AS subject, format('cart %s, order %s', c.state, o.status) AS detail
      FROM carts c LEFT JOIN orders o ON o.cart_id = c.id
      WHERE (c.state = 'ORDERED') <> coalesce(o.status IN ('OPEN', 'COMPLETED', 'CANCELLED'), false)`,
  },
  {
    name: "an order is OPEN when one payment of its total has been authorised, and not before",
    find: () => Prisma.sql`
      WITH authorized AS (
        SELECT op.order_id, count(*) AS times, min(op.amount) AS amount FROM payment_operations op JOIN payments p ON p.id = op.payment_id
        WHERE op.kind = 'AUTHORIZE' AND op.status = 'SUCCEEDED' AND NOT p.surplus GROUP BY op.order_id)
      SELECT o.id::text AS subject, format('%s over %s, %s authorisations of %s', o.status, o.total, coalesce(times, 0), amount) AS detail
      FROM orders o LEFT JOIN authorized ON authorized.order_id = o.id
      WHERE o.status IN ('OPEN', 'COMPLETED') AND (times, amount) IS DISTINCT FROM (1::bigint, o.total)`,
  },
  {
    name: "a paid order takes effect once: it was opened once, in its history and in the feed",
    find: () => Prisma.sql`
      SELECT o.id::text AS subject, format('%s: opened %s times in its history, %s in the feed', o.status, coalesce(h.times, 0),
        coalesce(f.times, 0)) AS detail
      FROM orders o
      LEFT JOIN (SELECT order_id, count(*) AS times FROM order_events WHERE type = 'order.opened' GROUP BY order_id) h ON h.order_id = o.id
      LEFT JOIN (SELECT subject_id, count(*) AS times FROM outbox_events WHERE type = 'order.opened' GROUP BY subject_id) f
        ON f.subject_id = o.id
      WHERE coalesce(h.times, 0) <> coalesce(f.times, 0) OR coalesce(h.times, 0) > 1
        OR (o.status IN ('OPEN', 'COMPLETED')) AND h.times IS NULL OR o.status IN ('PENDING', 'EXPIRED') AND h.times > 0`,
  },
];
