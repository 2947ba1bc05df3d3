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
        SELECT order_id, variant_id, sum(quantity) FILTER (WHERE state = 'HELD') AS held,
          sum(quantity) FILTER (WHERE state IN ('COMMITTED', 'CONSUMED')) AS sold
        FROM reservations WHERE state IN ('HELD', 'COMMITTED', 'CONSUMED') GROUP BY order_id, variant_id),
      paying AS (
        SELECT DISTINCT order_id FROM payment_operations
        WHERE kind = 'AUTHORIZE' AND status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN'))
      SELECT o.id::text AS subject, format('%s: variant %s ordered %s, held %s, sold %s', o.status, variant_id,
        wanted.quantity, kept.held, kept.sold) AS detail
      FROM wanted FULL JOIN kept USING (order_id, variant_id) JOIN orders o ON o.id = order_id LEFT JOIN paying USING (order_id)
      WHERE coalesce(kept.held, 0)
          <> CASE WHEN o.status = 'PENDING' AND paying.order_id IS NOT NULL THEN coalesce(wanted.quantity, 0) ELSE 0 END
        OR coalesce(kept.sold, 0) <> CASE WHEN o.status IN ('OPEN', 'COMPLETED') THEN coalesce(wanted.quantity, 0) ELSE 0 END`,
  },
];
