/** Five hundred products with one variant each, in euros and dollars. */
export const CATALOG = `
CREATE TEMP TABLE item AS SELECT i, uuidv7() AS product, uuidv7() AS variant, (300 + i * 37 % 9000)::bigint AS price
  FROM generate_series(0, 499) i;
INSERT INTO products (id, handle, title, status, created_at, updated_at)
  SELECT product, 'thing-' || i, 'Thing ' || i, 'ACTIVE', now(), now() FROM item;
INSERT INTO variants (id, product_id, position, sku, title, option_values, created_at, updated_at)
  SELECT variant, product, 0, 'THING-' || i, 'Default', '{}', now(), now() FROM item;
INSERT INTO prices (variant_id, currency, amount) SELECT variant, currency, price FROM item, unnest(ARRAY['EUR', 'USD']) currency;
INSERT INTO product_price_ranges (product_id, currency, min_amount, max_amount)
  SELECT product, currency, price, price FROM item, unnest(ARRAY['EUR', 'USD']) currency`;

/**
 * Orders of one to three lines, spread over the year; each tenth in dollars with tax added, each seventh with a discount. $1: how many, as a
 * setting of the session: fill.orders.
 */
export const ORDERS = `
CREATE TEMP TABLE fate AS SELECT n, story.*, now() - story.age * (n::bigint * 7919 % 100000 / 100000.0) AS at, gen_random_uuid() AS cart,
    uuidv7() AS key, CASE WHEN n % 10 = 3 THEN 'USD' ELSE 'EUR' END AS currency, n % 10 <> 3 AS included,
    CASE WHEN n % 7 = 0 THEN 100 ELSE 0 END::bigint AS discount
  FROM generate_series(1, current_setting('fill.orders')::int) n
  JOIN (SELECT *, sum(share) OVER (ORDER BY share DESC, name) AS upto FROM story) story
    ON n * 617 % 1000 < upto AND n * 617 % 1000 >= upto - share;
ALTER TABLE fate ADD id uuid;
UPDATE fate SET id = uuidv7(at - now());
CREATE INDEX ON fate (id);
CREATE TEMP TABLE line AS SELECT fate.id AS order_id, uuidv7() AS id, position, item.variant, 'Thing ' || i AS title, 'THING-' || i AS sku,
    1 + (n + position) % 3 AS quantity, item.price
  FROM fate CROSS JOIN LATERAL generate_series(0, n % 3) position JOIN item ON item.i = (n * 31 + position * 7) % 500;
ALTER TABLE line ADD tax bigint;
UPDATE line SET tax = round(quantity * line.price * 0.19 / CASE WHEN included THEN 1.19 ELSE 1 END) FROM fate WHERE fate.id = order_id;
CREATE TEMP TABLE total AS SELECT fate.id, sum(quantity * price)::bigint AS subtotal, 490::bigint AS shipping, 78::bigint AS shipping_tax,
    sum(line.tax)::bigint + 78 AS tax
  FROM fate JOIN line ON order_id = fate.id GROUP BY fate.id;
ANALYZE fate, line, total;
INSERT INTO data_keys (id, kek_version, created_at) SELECT key, 1, at FROM fate;
INSERT INTO carts (id, data_key_id, currency, state, created_at, updated_at)
  SELECT cart, key, currency, CASE WHEN status IN ('OPEN', 'COMPLETED', 'CANCELLED') THEN 'ORDERED' ELSE 'ACTIVE' END::cart_state, at, at
  FROM fate;
INSERT INTO orders (id, cart_id, data_key_id, currency, status, payment_status, rounding_policy, tax_included, subtotal, discount, shipping,
    tax, total, placed_at, updated_at, restocked_at)
  SELECT id, cart, key, currency, status::order_status, payment_status::payment_status, 'line', included, subtotal, discount, shipping, tax,
    subtotal - discount + shipping + CASE WHEN included THEN 0 ELSE tax END, at, at, CASE WHEN restocked THEN at END
  FROM fate JOIN total USING (id) ORDER BY at;
INSERT INTO order_lines (id, order_id, position, variant_id, title, sku, quantity, unit_amount, total)
  SELECT id, order_id, position, variant, title, sku, quantity, price, quantity * price FROM line;
INSERT INTO adjustments (id, order_id, order_line_id, kind, source, label, rate, base, amount, included)
  SELECT uuidv7(), order_id, line.id, 'TAX'::adjustment_kind, 'zone:de', 'VAT', 190000, quantity * price, tax, included
    FROM line JOIN fate ON fate.id = order_id
  UNION ALL SELECT uuidv7(), id, NULL, 'TAX', 'zone:de', 'VAT', 190000, shipping, shipping_tax, included FROM total JOIN fate USING (id)
  UNION ALL SELECT uuidv7(), id, NULL, 'SHIPPING', 'delivery:standard', 'Standard', NULL, NULL, shipping, false FROM total
  UNION ALL SELECT uuidv7(), id, NULL, 'DISCOUNT', 'code:tea', 'Tea', NULL, NULL, discount, false FROM fate WHERE discount > 0;
INSERT INTO reservations (id, order_id, variant_id, quantity, state, expires_at, created_at)
  SELECT uuidv7(), order_id, variant, quantity, stock::reservation_state, at + interval '30 minutes', at
  FROM line JOIN fate ON fate.id = order_id`;

/** Stock as the reservations leave it, with the movements that led there, and the products as lists and search read them then. */
export const STOCK = `
INSERT INTO stock_movements (id, variant_id, kind, on_hand_delta, reserved_delta, order_id, created_at)
  SELECT uuidv7(), variant, 'RECEIVE'::stock_movement_kind, 1000000, 0, NULL::uuid, now() - interval '366 days' FROM item
  UNION ALL SELECT uuidv7(), variant_id, 'RESERVE', 0, quantity, order_id, created_at FROM reservations
  UNION ALL SELECT uuidv7(), variant_id, 'RELEASE', 0, -quantity, order_id, created_at FROM reservations
    WHERE state IN ('RELEASED', 'EXPIRED')
  UNION ALL SELECT uuidv7(), variant_id, 'SHIP', -quantity, -quantity, order_id, created_at FROM reservations WHERE state = 'CONSUMED';
INSERT INTO stocks (variant_id, on_hand, reserved)
  SELECT variant_id, sum(on_hand_delta), sum(reserved_delta) FROM stock_movements GROUP BY variant_id;
INSERT INTO product_documents (product_id, images, options, price_ranges, variants)
  SELECT product_id, images, options, price_ranges, variants FROM product_contents;
SELECT index_products(array_agg(product ORDER BY i)) FROM item`;
