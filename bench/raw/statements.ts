/**
 * One statement an operation, each answering with the JSON that our server answers the same question with (bench/scenarios/documents.ts), assembled by
 * PostgreSQL from the tables; ids stay uuids. What no server on this database can be quicker than without keeping answers.
 */
export const statements: Record<string, { text: string; values: string[] }> = {
  list: {
    values: ["title", "id"],
    text: `SELECT json_build_object('products', json_build_object('totalCount', (SELECT sum(products) FROM product_counts WHERE status = 'ACTIVE'),
      'nodes', (SELECT json_agg(json_build_object('id', p.id, 'title', p.title, 'handle', p.handle, 'descriptionHtml', p.description_html,
        'variants', (SELECT json_agg(json_build_object('id', v.id, 'sku', v.sku, 'price', (SELECT json_build_object('amount', amount) FROM prices
            WHERE variant_id = v.id AND currency = 'EUR' AND channel = 'default'),
          'available', (SELECT NOT tracked OR oversell OR on_hand > reserved FROM stocks WHERE variant_id = v.id)) ORDER BY v.position)
          FROM variants v WHERE v.product_id = p.id AND v.archived_at IS NULL),
        'images', (SELECT json_agg(json_build_object('url', url) ORDER BY position) FROM images WHERE product_id = p.id)) ORDER BY p.title, p.id)
        FROM (SELECT * FROM products WHERE status = 'ACTIVE' AND (title, id) > ($1::text, $2::uuid) ORDER BY title, id LIMIT 20) p))) AS data`,
  },
  detail: {
    values: ["handle"],
    text: `SELECT json_build_object('productByHandle', json_build_object('id', p.id, 'title', p.title, 'handle', p.handle,
      'descriptionHtml', p.description_html,
      'images', (SELECT json_agg(json_build_object('url', url) ORDER BY position) FROM images WHERE product_id = p.id),
      'options', (SELECT coalesce(json_agg(json_build_object('name', name, 'values', values) ORDER BY position), '[]') FROM product_options
        WHERE product_id = p.id),
      'tags', p.tags, 'vendor', p.vendor, 'productType', p.product_type,
      'variants', (SELECT json_agg(json_build_object('id', v.id, 'sku', v.sku, 'title', v.title,
          'price', (SELECT json_build_object('amount', amount, 'currency', currency) FROM prices
            WHERE variant_id = v.id AND currency = 'EUR' AND channel = 'default'),
          'available', (SELECT NOT tracked OR oversell OR on_hand > reserved FROM stocks WHERE variant_id = v.id),
          'selectedOptions', (SELECT coalesce(json_agg(json_build_object('name', name, 'value', v.option_values[position + 1]) ORDER BY position), '[]')
            FROM product_options WHERE product_id = p.id)) ORDER BY v.position)
        FROM variants v WHERE v.product_id = p.id AND v.archived_at IS NULL),
      'collections', (SELECT coalesce(json_agg(json_build_object('id', c.id, 'title', c.title, 'handle', c.handle) ORDER BY c.title, c.id), '[]')
        FROM product_collections pc JOIN collections c ON c.id = pc.collection_id WHERE pc.product_id = p.id))) AS data
      FROM products p WHERE p.handle = $1 AND p.status = 'ACTIVE'`,
  },
  search: {
    values: ["query"],
    text: `WITH hits AS MATERIALIZED (SELECT id, vendor, product_type, tags, available, options, ts_rank(document, q) AS rank
        FROM to_tsquery('english', $1 || ':*') q, raw_search WHERE document @@ q),
      counts AS (SELECT 'vendor' AS name, vendor AS value, count(*) FROM hits GROUP BY 2 UNION ALL
        SELECT 'productType', product_type, count(*) FROM hits GROUP BY 2 UNION ALL
        SELECT 'tag', tag, count(*) FROM hits, unnest(tags) tag GROUP BY 2 UNION ALL
        SELECT 'available', available::text, count(*) FROM hits GROUP BY 2 UNION ALL
        SELECT 'option:Size', value, count(*) FROM hits, unnest(options) value GROUP BY 2)
      SELECT json_build_object('search', json_build_object('totalCount', (SELECT count(*) FROM hits),
        'nodes', (SELECT json_agg(json_build_object('id', p.id, 'title', p.title, 'handle', p.handle,
          'priceRange', (SELECT json_build_object('min', json_build_object('amount', min_amount), 'max', json_build_object('amount', max_amount))
            FROM product_price_ranges WHERE product_id = p.id AND currency = 'EUR'),
          'images', (SELECT json_agg(json_build_object('url', url) ORDER BY position) FROM images WHERE product_id = p.id),
          'variants', (SELECT json_agg(json_build_object('sku', sku) ORDER BY position) FROM variants WHERE product_id = p.id AND archived_at IS NULL)))
          FROM (SELECT * FROM hits ORDER BY rank DESC, id LIMIT 20) hit JOIN products p USING (id)),
        'facets', (SELECT json_agg(facet) FROM (SELECT json_build_object('name', name, 'values',
          json_agg(json_build_object('value', value, 'count', count) ORDER BY count DESC, value)) AS facet FROM counts GROUP BY name) told))) AS data`,
  },
  addToCart: {
    values: ["cart", "variant"],
    text: `WITH target AS (SELECT coalesce($1::uuid, gen_random_uuid()) AS id),
      made AS (INSERT INTO carts (id, currency, created_at, updated_at) SELECT id, 'EUR', now(), now() FROM target WHERE $1::uuid IS NULL),
      touched AS (UPDATE carts SET version = version + 1, updated_at = now() WHERE id = $1::uuid),
      added AS (INSERT INTO cart_lines (id, cart_id, variant_id, quantity, seen_amount, created_at)
        SELECT uuidv7(), target.id, variant_id, 1, amount, now() FROM target, prices
        WHERE variant_id = $2::uuid AND currency = 'EUR' AND channel = 'default'
        ON CONFLICT (cart_id, variant_id) DO UPDATE SET quantity = cart_lines.quantity + 1
        RETURNING id, variant_id, quantity, seen_amount),
      lines AS (SELECT * FROM added UNION ALL
        SELECT id, variant_id, quantity, seen_amount FROM cart_lines WHERE cart_id = $1::uuid AND variant_id <> $2::uuid)
      SELECT json_build_object('cart', json_build_object('id', target.id,
        'totals', json_build_object('total', json_build_object('amount', (SELECT sum(quantity * seen_amount) FROM lines))),
        'lines', (SELECT json_agg(json_build_object('id', lines.id, 'quantity', quantity, 'total', json_build_object('amount', quantity * seen_amount),
          'variant', json_build_object('id', v.id, 'title', v.title))) FROM lines JOIN variants v ON v.id = lines.variant_id))) AS data FROM target`,
  },
  orders: {
    values: ["account"],
    text: `SELECT json_build_object('orders', json_build_object('totalCount', (SELECT count(*) FROM orders WHERE account_id = $1::uuid),
      'nodes', (SELECT json_agg(json_build_object('number', o.number::text, 'totals', json_build_object('total', json_build_object('amount', total)),
        'lines', (SELECT json_agg(json_build_object('quantity', quantity, 'title', title) ORDER BY position) FROM order_lines WHERE order_id = o.id))
        ORDER BY placed_at DESC, id DESC)
        FROM (SELECT * FROM orders WHERE account_id = $1::uuid ORDER BY placed_at DESC, id DESC LIMIT 10) o))) AS data`,
  },
};

/** What the raw search reads: a stored and indexed tsvector, as one would write it by hand. */
export const RAW_SEARCH = `
CREATE TABLE raw_search AS SELECT p.id, vendor, product_type, tags, available, coalesce((SELECT array_agg(DISTINCT value)
    FROM variants v, unnest(v.option_values) value WHERE v.product_id = p.id AND v.archived_at IS NULL), '{}') AS options,
  setweight(to_tsvector('english', title), 'A') || to_tsvector('english', description_html) AS document FROM products p WHERE status = 'ACTIVE';
CREATE INDEX ON raw_search USING gin (document)`;
