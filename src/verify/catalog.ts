import { Prisma } from "../generated/prisma/client";
import type { Invariant } from "./invariant";

export const catalogInvariants: Invariant[] = [
  {
    name: "price ranges are the lowest and highest prices of live variants",
    find: () => Prisma.sql`
      SELECT product_id::text AS subject, format('%s: kept %s to %s, prices are %s to %s', currency, kept.min_amount, kept.max_amount,
        prices.min_amount, prices.max_amount) AS detail
      FROM product_price_ranges kept FULL JOIN (
        SELECT v.product_id, p.currency, min(p.amount) AS min_amount, max(p.amount) AS max_amount
        FROM variants v JOIN prices p ON p.variant_id = v.id
        WHERE v.archived_at IS NULL AND p.channel = 'default' GROUP BY v.product_id, p.currency) prices USING (product_id, currency)
      WHERE kept.min_amount IS DISTINCT FROM prices.min_amount OR kept.max_amount IS DISTINCT FROM prices.max_amount`,
  },
  {
    name: "a product is available when a live variant can be sold",
    find: () => Prisma.sql`
      SELECT p.id::text AS subject, format('says %s', p.available) AS detail
      FROM products p LEFT JOIN (
        SELECT DISTINCT v.product_id FROM variants v JOIN stocks s ON s.variant_id = v.id
        WHERE v.archived_at IS NULL AND (NOT s.tracked OR s.oversell OR s.on_hand - s.reserved > 0)) sellable ON sellable.product_id = p.id
      WHERE p.available <> (sellable.product_id IS NOT NULL)`,
  },
  {
    name: "a product's documents say what its tables say",
    find: () => Prisma.sql`
      SELECT p.id::text AS subject, CASE WHEN kept.product_id IS NULL THEN 'has no documents'
        ELSE format('kept %s, tables say %s', to_json(kept), to_json(made)) END AS detail
      FROM products p JOIN product_contents made ON made.product_id = p.id LEFT JOIN product_documents kept ON kept.product_id = p.id
      WHERE (kept.images::text, kept.options::text, kept.price_ranges::text, kept.variants::text)
        IS DISTINCT FROM (made.images::text, made.options::text, made.price_ranges::text, made.variants::text)`,
  },
  {
    name: "products of each status are as many as their count says",
    find: () => Prisma.sql`
      SELECT status::text AS subject, format('counted %s, there are %s', counted.products, there.products) AS detail
      FROM (SELECT status, sum(products) AS products FROM product_counts GROUP BY status HAVING sum(products) <> 0) counted
      FULL JOIN (SELECT status, count(*) AS products FROM products GROUP BY status) there USING (status)
      WHERE counted.products IS DISTINCT FROM there.products`,
  },
  {
    name: "what is in carts, orders and stock is a variant that is there",
    find: () => Prisma.sql`
      SELECT named.id::text AS subject, format('%s of variant %s, which is not there', named.kind, named.variant_id) AS detail
      FROM (SELECT 'cart line' AS kind, id, variant_id FROM cart_lines
        UNION ALL SELECT 'order line', id, variant_id FROM order_lines
        UNION ALL SELECT 'reservation', id, variant_id FROM reservations
        UNION ALL SELECT 'stock movement', id, variant_id FROM stock_movements) named
      WHERE NOT EXISTS (SELECT FROM variants v WHERE v.id = named.variant_id)`,
  },
  {
    name: "what a country is offered is what zones, options and rates say",
    find: () => Prisma.sql`
      SELECT ships_to AS subject, format('kept %s, tables say %s', to_json(kept), to_json(made)) AS detail
      FROM delivery_terms kept FULL JOIN delivery_offers made USING (ships_to)
      WHERE (kept.handle, kept.tax_label, kept.tax_rate, kept.tax_included, kept.options)
        IS DISTINCT FROM (made.handle, made.tax_label, made.tax_rate, made.tax_included, made.options)`,
  },
];
