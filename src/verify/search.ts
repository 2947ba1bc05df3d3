import { Prisma } from "../generated/prisma/client";
import type { Invariant } from "./invariant";

/** So many products are held against their tables, all over the catalogue and others each time: of a million, all would take an hour. */
const SAMPLE = 10_000;

export const searchInvariants: Invariant[] = [
  {
    name: "search counts each product once under each of its keys",
    find: () => Prisma.sql`
      SELECT coalesce(kept.key, meant.key) AS subject, format('block %s: %s bits, %s products, %s of them with a bit',
        coalesce(kept.block, meant.block), bit_count(kept.bits), meant.products, bit_count(kept.bits & meant.bits)) AS detail
      FROM search_bits kept FULL JOIN (
        SELECT key COLLATE "C" AS key, ordinal / 16384 AS block, count(*) AS products,
          bit_or(set_bit(B'0'::bit(16384), 16383 - ordinal % 16384, 1)) AS bits
        FROM search_documents, unnest(keys) AS key GROUP BY 1, 2) meant ON meant.key = kept.key AND meant.block = kept.block
      WHERE coalesce(kept.bits, B'0'::bit(16384)) <> coalesce(meant.bits, B'0'::bit(16384)) OR meant.products <> bit_count(meant.bits)`,
  },
  {
    name: "search counts of each product the facets that its keys say",
    find: () => Prisma.sql`
      SELECT coalesce(d.product_id, f.product_id)::text AS subject, format('place %s, kept %s, its keys say %s', d.ordinal, f.keys, facet_keys(d.keys)) AS detail
      FROM search_documents d FULL JOIN search_facets f ON f.ordinal = d.ordinal AND f.product_id = d.product_id
      WHERE d.ordinal IS NULL OR f.keys IS DISTINCT FROM facet_keys(d.keys)`,
  },
  {
    name: "search knows a product by what its tables say",
    find: () => Prisma.sql`
      WITH step AS MATERIALIZED (
        SELECT size, floor(random() * size)::int AS first
        FROM (SELECT greatest(count(*) / ${SAMPLE}::int, 1)::int AS size FROM search_documents) sizes
      ), looked_at AS MATERIALIZED (
        SELECT p.*, d.keys AS kept FROM search_documents d JOIN step ON d.ordinal % step.size = step.first JOIN products p ON p.id = d.product_id
      ), ${texts}
      SELECT id::text AS subject, format('not known by %s, wrongly known by %s', ARRAY(SELECT unnest(meant) EXCEPT SELECT unnest(kept)),
        ARRAY(SELECT unnest(kept) EXCEPT SELECT unnest(meant))) AS detail
      FROM texts CROSS JOIN LATERAL (SELECT array_agg(DISTINCT key COLLATE "C") AS meant FROM (${keys}) any_key WHERE key IS NOT NULL) keys
      WHERE meant <> ARRAY(SELECT key COLLATE "C" FROM unnest(kept) AS key ORDER BY 1)
      UNION ALL SELECT id::text, 'not known at all' FROM products p WHERE NOT EXISTS (SELECT FROM search_documents d WHERE d.product_id = p.id)`,
  },
];

/** CTE `texts`: products of `looked_at` with their words, as index_products cuts them. */
const texts = Prisma.sql`
  texts AS MATERIALIZED (
    SELECT l.*, pairs, skus, to_tsvector('tillgraph', search_text(title)) || to_tsvector('tillgraph_words', search_text(title)) AS in_title,
      to_tsvector('tillgraph', search_text(left(concat_ws(' ', vendor, product_type, array_to_string(tags, ' '), option_values), 50000)))
        || to_tsvector('simple', search_text(coalesce(array_to_string(skus, ' '), ''))) AS in_keywords,
      to_tsvector('tillgraph', search_text(left(regexp_replace(description_html, '<[^>]*>|&#?\\w+;', ' ', 'g'), 50000))) AS elsewhere
    FROM looked_at l
    CROSS JOIN LATERAL (SELECT array_agg(v.sku) AS skus FROM variants v WHERE v.product_id = l.id AND v.archived_at IS NULL) sold
    CROSS JOIN LATERAL (
      SELECT array_agg(o.name || '=' || v.option_values[o.place]) AS pairs, string_agg(DISTINCT v.option_values[o.place], ' ') AS option_values
      FROM (SELECT name, row_number() OVER (ORDER BY position, id) AS place FROM product_options WHERE product_id = l.id) o
      JOIN variants v ON v.product_id = l.id AND v.archived_at IS NULL
    ) chosen
  )`;

/** The keys (key) of a row of `texts`. */
const keys = Prisma.sql`
  SELECT 't:' || unnest(tsvector_to_array(in_title)) AS key
  UNION ALL SELECT 'n:' || unnest(tsvector_to_array(in_title || in_keywords))
  UNION ALL SELECT 'w:' || unnest(tsvector_to_array(in_title || in_keywords || elsewhere))
  UNION ALL SELECT '=' || lower(replace(search_text(left(sku, 200)), ' ', '')) FROM unnest(skus) AS sku
  UNION ALL SELECT unnest(ARRAY['status:' || status, 'available:' || available, 'vendor:' || vendor, 'productType:' || product_type])
  UNION ALL SELECT 'tag:' || unnest(tags)
  UNION ALL SELECT 'option:' || unnest(pairs)
  UNION ALL SELECT 'collection:' || collection_id FROM product_collections WHERE product_id = texts.id
  UNION ALL SELECT unnest(ARRAY[price_key('low', currency, (price_range_of(min_amount)).least),
    price_key('high', currency, (price_range_of(max_amount)).most)]) FROM product_price_ranges WHERE product_id = texts.id`;
