import type { Tx } from "../../platform/database";

/**
 * Writes what search reads about these products, in one statement of the transaction that changed them. Call it after their variants and
 * options. A document holds, by weight: A the title (stemmed, and as it is, for prefixes); B vendor, type, tags, option values and
 * SKUs; D each word of the description once, without markup. Each SKU is also one lexeme "=" with its letters and digits, for exact look-up.
 */
export async function indexProducts(tx: Tx, productUuids: string[]): Promise<void> {
  if (productUuids.length === 0) return;
  await tx.$executeRaw`
    WITH texts AS MATERIALIZED (
      SELECT p.id, search_text(left(p.title, ${LONGEST_TEXT}::int)) AS title,
        search_text(left(concat_ws(' ', p.vendor, p.product_type, array_to_string(p.tags, ' '), o.values), ${LONGEST_TEXT}::int)) AS keywords,
        search_text(left(regexp_replace(p.description_html, '<[^>]*>|&#?\\w+;', ' ', 'g'), ${LONGEST_TEXT}::int)) AS description,
        coalesce(o.pairs, '{}') AS pairs, coalesce(s.keys, '{}') AS sku_keys, search_text(coalesce(s.words, '')) AS sku_words
      FROM products p
      LEFT JOIN LATERAL (
        SELECT array_agg(DISTINCT concat(name, '=', value)) AS pairs, string_agg(DISTINCT value, ' ') AS values
        FROM (
          SELECT o.name, v.option_values[row_number() OVER (PARTITION BY v.id ORDER BY o.position, o.id)] AS value
          FROM product_options o JOIN variants v ON v.product_id = o.product_id AND v.archived_at IS NULL
          WHERE o.product_id = p.id
        ) chosen WHERE value IS NOT NULL
      ) o ON true
      LEFT JOIN LATERAL (
        SELECT array_agg(DISTINCT '=' || lower(replace(search_text(left(v.sku, 200)), ' ', ''))) FILTER (WHERE v.sku IS NOT NULL) AS keys,
          string_agg(v.sku, ' ') AS words
        FROM variants v WHERE v.product_id = p.id AND v.archived_at IS NULL -- "sku IS NOT NULL" here would scan the index of all SKUs
      ) s ON true
      WHERE p.id = ANY(${productUuids}::uuid[])
    ), documents AS (
      INSERT INTO search_documents (product_id, document, options)
      SELECT id,
        setweight(to_tsvector('tillgraph', title) || to_tsvector('tillgraph_words', title), 'A')
          || setweight(to_tsvector('tillgraph', keywords) || to_tsvector('simple', sku_words), 'B')
          || to_tsvector('simple', array_to_string(tsvector_to_array(to_tsvector('tillgraph', description)), ' '))
          || array_to_tsvector(sku_keys),
        pairs
      FROM texts ORDER BY id
      ON CONFLICT (product_id) DO UPDATE SET document = excluded.document, options = excluded.options
    )
    INSERT INTO search_words (word)
    SELECT DISTINCT word FROM texts, unnest(tsvector_to_array(to_tsvector('tillgraph_words', title || ' ' || keywords))) AS word
    WHERE length(word) BETWEEN 3 AND ${LONGEST_WORD}::int AND word ~ '[[:alpha:]]' COLLATE "und-x-icu"
    ORDER BY word -- of two transactions that bring the same new words, one waits for the other, never both
    ON CONFLICT DO NOTHING`;
}

/** Characters of one text that are searched; a tsvector holds 1 MB at most. */
const LONGEST_TEXT = 50_000;
/** Characters; nobody means longer ones when mistyping. */
const LONGEST_WORD = 50;
