import { Prisma } from "../generated/prisma/client";
import type { Invariant } from "./invariant";

export const stockInvariants: Invariant[] = [
  {
    name: "stock levels are the sums of their movements",
    find: () => Prisma.sql`
      SELECT variant_id::text AS subject,
        format('on hand %s but moved %s, reserved %s but moved %s', s.on_hand, m.on_hand, s.reserved, m.reserved) AS detail
      FROM stocks s FULL JOIN (
        SELECT variant_id, location, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved
        FROM stock_movements GROUP BY variant_id, location) m USING (variant_id, location)
      WHERE coalesce(s.on_hand, 0) <> coalesce(m.on_hand, 0) OR coalesce(s.reserved, 0) <> coalesce(m.reserved, 0)`,
  },
  {
    name: "reserved stock is the sum of live reservations",
    find: () => Prisma.sql`
      SELECT variant_id::text AS subject, format('reserved %s but reservations hold %s', s.reserved, r.held) AS detail
      FROM (SELECT variant_id, sum(reserved) AS reserved FROM stocks GROUP BY variant_id) s
      FULL JOIN (SELECT variant_id, sum(quantity) AS held FROM reservations WHERE state IN ('HELD', 'COMMITTED') GROUP BY variant_id) r
        USING (variant_id)
      WHERE coalesce(s.reserved, 0) <> coalesce(r.held, 0)`,
  },
  {
    name: "no more is promised than is there",
    find: () => Prisma.sql`
      SELECT variant_id::text AS subject, format('%s on hand, %s reserved', on_hand, reserved) AS detail
      FROM stocks WHERE reserved < 0 OR (tracked AND NOT oversell AND reserved > on_hand)`,
  },
  {
    name: "orders keep the stock that their state says",
    find: () => Prisma.sql`
      WITH wanted AS (SELECT order_id, variant_id, sum(quantity) AS quantity FROM order_lines GROUP BY order_id, variant_id),
      kept AS (
        SELECT order_id, variant_id, coalesce(sum(quantity) FILTER (WHERE state = 'HELD'), 0) AS held,
          coalesce(sum(quantity) FILTER (WHERE state = 'COMMITTED'), 0) AS committed,
          coalesce(sum(quantity) FILTER (WHERE state = 'CONSUMED'), 0) AS consumed
        FROM reservations WHERE state IN ('HELD', 'COMMITTED', 'CONSUMED') GROUP BY order_id, variant_id),
      paying AS (
        SELECT order_id, created_at FROM payment_operations
        WHERE kind = 'AUTHORIZE' AND status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN')),
      compared AS (
        SELECT o.id, o.status, variant_id, coalesce(wanted.quantity, 0) AS quantity, coalesce(held, 0) AS held,
          coalesce(committed, 0) AS committed, coalesce(consumed, 0) AS consumed, o.restocked_at IS NOT NULL AS restocked, paying.created_at
        FROM wanted FULL JOIN kept USING (order_id, variant_id) JOIN orders o ON o.id = order_id LEFT JOIN paying USING (order_id))
      SELECT id::text AS subject, format('%s%s: variant %s ordered %s, held %s, committed %s, consumed %s', status,
        CASE WHEN restocked THEN ', restocked' END, variant_id, quantity, held, committed, consumed) AS detail
      FROM compared
      WHERE NOT CASE
        WHEN status IN ('OPEN', 'COMPLETED') AND restocked THEN held = 0 AND committed = 0 AND consumed <= quantity
        WHEN status IN ('OPEN', 'COMPLETED') THEN held = 0 AND committed + consumed = quantity
        WHEN committed + consumed > 0 THEN false
        WHEN held = 0 AND status = 'PENDING' AND created_at IS NOT NULL THEN EXISTS (
          SELECT FROM reservations r WHERE r.order_id = compared.id AND r.variant_id = compared.variant_id AND r.state = 'EXPIRED'
            AND r.created_at >= compared.created_at)
        ELSE held = CASE WHEN status = 'PENDING' AND created_at IS NOT NULL THEN quantity ELSE 0 END
      END`,
  },
  {
    name: "a refund that says so has put the order's goods back",
    find: () => Prisma.sql`
      SELECT op.id::text AS subject, format('%s still COMMITTED', sum(r.quantity)) AS detail
      FROM payment_operations op JOIN reservations r ON r.order_id = op.order_id
      WHERE op.kind = 'REFUND' AND op.status = 'SUCCEEDED' AND op.restock AND r.state = 'COMMITTED' GROUP BY op.id`,
  },
];
