/** Where a round of products is thought up before it is written; gone with the transaction. */
export const DRAFTS = `
CREATE TEMP TABLE draft (n int, id uuid, title text, about text, vendor text, kind text, tags text[], variants int, price bigint, image int)
  ON COMMIT DROP;
CREATE TEMP TABLE draft_variant (id uuid, product uuid, sku text, position int, size text, price bigint) ON COMMIT DROP;
CREATE TEMP TABLE word (place int PRIMARY KEY, word text) ON COMMIT DROP`;

/** What descriptions are made of, by place: to find one of many in an array would take as long as the array. */
export const WORDS =
  "INSERT INTO word SELECT n - 1, word FROM unnest($1::text[]) WITH ORDINALITY AS given (word, n)";

/**
 * Products $1 to $2: names of the words in $3, $4 and $5; 40 words for a description, of $6 there are, the first ones more often when $7 rises above 1;
 * one to three variants, four of a hundred facet values (vendor, type, two tags), one of a thousand images.
 */
export const DRAFT_PRODUCTS = `
INSERT INTO draft SELECT n, uuidv7(), initcap(concat_ws(' ', ($3::text[])[1 + floor(random() * cardinality($3::text[]))::int],
    ($4::text[])[1 + floor(random() * cardinality($4::text[]))::int], ($5::text[])[1 + floor(random() * cardinality($5::text[]))::int])),
  (SELECT string_agg(word, ' ') FROM (SELECT floor(random() ^ $7::float8 * $6::int)::int AS place FROM generate_series(1, 40) WHERE n >= 0) picks
    JOIN word USING (place)),
  'Vendor ' || floor(random() * 10), 'Type ' || floor(random() * 10), ARRAY['tag' || floor(random() * 40), 'tag' || 40 + floor(random() * 40)],
  1 + floor(random() * 3)::int, 500 + floor(random() * 20000)::bigint, floor(random() * 1000)::int
FROM generate_series($1::int, $2::int) n`;

/** Everything of the drafted products but what search and lists read beside it. */
export const WRITE_PRODUCTS = `
INSERT INTO draft_variant SELECT uuidv7(), id, 'SKU-' || n || '-' || position, position, (ARRAY['Small', 'Medium', 'Large'])[1 + position],
    price + 100 * position
  FROM draft, generate_series(0, variants - 1) position;
ANALYZE draft, draft_variant;
INSERT INTO products (id, handle, title, description_html, vendor, product_type, tags, status, available, created_at, updated_at)
  SELECT id, replace(lower(title), ' ', '-') || '-' || n, title, '<p>The ' || title || '. ' || about || '.</p>', vendor, kind, tags, 'ACTIVE', true,
    now() - n * interval '1 second', now() FROM draft;
INSERT INTO product_options (id, product_id, position, name, values)
  SELECT uuidv7(), id, 0, 'Size', (ARRAY['Small', 'Medium', 'Large'])[1:variants] FROM draft WHERE variants > 1;
INSERT INTO images (id, product_id, position, url)
  SELECT uuidv7(), id, 0, 'https://cdn.example/p/a' || image || '.jpg' FROM draft;
INSERT INTO product_collections (product_id, collection_id)
  SELECT draft.id, collections.id FROM draft JOIN collections ON collections.handle = 'collection-' || n % 30
      OR (n % 5 = 0 AND collections.handle = 'collection-' || (n / 5 + 7) % 30);
INSERT INTO variants (id, product_id, position, sku, title, option_values, created_at, updated_at)
  SELECT v.id, product, position, sku, CASE WHEN variants > 1 THEN size ELSE 'Default' END,
    CASE WHEN variants > 1 THEN ARRAY[size] ELSE '{}' END, now(), now()
  FROM draft_variant v JOIN draft ON draft.id = product;
INSERT INTO prices (variant_id, currency, amount) SELECT id, 'EUR', price FROM draft_variant;
INSERT INTO product_price_ranges (product_id, currency, min_amount, max_amount)
  SELECT product, 'EUR', min(price), max(price) FROM draft_variant GROUP BY product;
INSERT INTO stock_movements (id, variant_id, kind, on_hand_delta, created_at) SELECT uuidv7(), id, 'RECEIVE', 1000000, now() FROM draft_variant;
INSERT INTO stocks (variant_id, on_hand) SELECT id, 1000000 FROM draft_variant`;

/** What search and lists read of the drafted products, as the shop writes it. */
export const READ_PRODUCTS = `
SELECT index_products(array_agg(id ORDER BY n)) FROM draft;
INSERT INTO product_documents (product_id, images, options, price_ranges, variants)
  SELECT product_id, images, options, price_ranges, variants FROM product_contents WHERE product_id IN (SELECT id FROM draft)`;

/** The thirty collections that products are in, 1.2 a product. */
export const COLLECTIONS = `
INSERT INTO collections (id, handle, title, created_at, updated_at)
  SELECT uuidv7(), 'collection-' || n, 'Collection ' || n, now(), now() FROM generate_series(0, 29) n
  ON CONFLICT (handle) DO NOTHING`;
