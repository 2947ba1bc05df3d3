-- What writing costs: search_text normalises only what isn't ASCII, a price finds its round range without a query, products that get stock
-- become available by one statement instead of three each, and a product that search doesn't know yet is written once.

-- As before. ASCII is normalised as it is, and its letters and digits are the same in every collation.
CREATE OR REPLACE FUNCTION "search_text"("raw" text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN octet_length(raw) = char_length(raw) THEN regexp_replace(raw COLLATE "C", '[^[:alnum:]]+', ' ', 'g') COLLATE "default"
        ELSE regexp_replace(normalize(raw, NFKC) COLLATE "und-x-icu", '[^[:alnum:]]+', ' ', 'g') COLLATE "default" END;

-- As before: the first and last amount of the round range that an amount lies in: ten ranges for each power of ten.
CREATE OR REPLACE FUNCTION "price_range_of"("amount" bigint, OUT "least" bigint, OUT "most" bigint)
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    starts CONSTANT bigint[] := ARRAY[10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100];
    step bigint := 10 ^ greatest(length(amount::text) - 2, 0);
    place int := width_bucket(amount / step, starts);
BEGIN
    least := coalesce(starts[place] * step, amount);
    most := CASE WHEN amount < 10 THEN amount ELSE starts[place + 1] * step - 1 END;
END $$;

-- Writes what search reads about products, in the transaction that changes them; their rows must be locked, or new. A product's keys:
-- "t:" and a word of its title (stemmed, and as it is, for prefixes), "n:" of title, vendor, type, tags, option values and SKUs, "w:" of
-- these and the description; "=" and the letters and digits of a SKU; its facet values, status and collections; "low:" and "high:"
-- with the round range of its lowest and highest price. Texts are searched up to their 50,000th character. Call it last: sets that many
-- products share are locked at its end. Planned once a connection (one product takes longer to plan than to index), and only by
-- indexes: a plan made for an empty shop is kept while an import fills it.
CREATE OR REPLACE FUNCTION "index_products"("changed" uuid[]) RETURNS void LANGUAGE plpgsql
    SET search_path = public, pg_temp SET work_mem = '32MB' SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    toggled text[];
    ordinals int[];
BEGIN
    WITH stored AS MATERIALIZED (
        SELECT p.*, d.ordinal AS place, d.keys AS before FROM products p LEFT JOIN search_documents d ON d.product_id = p.id
        WHERE p.id = ANY(changed) ORDER BY p.created_at, p.id
    ), numbered AS MATERIALIZED (
        -- Only new ones take a number, or blocks would fill with holes.
        SELECT *, coalesce(place, nextval('search_documents_ordinal_seq')::int) AS ordinal FROM stored
    ), raw_texts AS MATERIALIZED (
        SELECT n.*, coalesce(o.pairs, '{}') AS pairs, s.skus, coalesce(array_to_string(s.skus, ' '), '') AS raw_skus,
            left(concat_ws(' ', n.vendor, n.product_type, array_to_string(n.tags, ' '), o.values), 50000) AS raw_keywords,
            left(regexp_replace(n.description_html, '<[^>]*>|&#?\w+;', ' ', 'g'), 50000) AS raw_description
        FROM numbered n
        LEFT JOIN LATERAL (
            SELECT array_agg(DISTINCT concat(name, '=', value)) AS pairs, string_agg(DISTINCT value, ' ') AS values
            FROM (
                SELECT o.name, v.option_values[row_number() OVER (PARTITION BY v.id ORDER BY o.position, o.id)] AS value
                FROM product_options o JOIN variants v ON v.product_id = o.product_id AND v.archived_at IS NULL
                WHERE o.product_id = n.id
            ) chosen WHERE value IS NOT NULL
        ) o ON true
        LEFT JOIN LATERAL (
            SELECT array_agg(v.sku) FILTER (WHERE v.sku IS NOT NULL) AS skus
            FROM variants v WHERE v.product_id = n.id AND v.archived_at IS NULL -- "sku IS NOT NULL" here would scan the index of all SKUs
        ) s ON true
    ), texts AS MATERIALIZED (
        SELECT *, search_text(title) AS title_text, search_text(raw_keywords) AS keywords, search_text(raw_skus) AS sku_words,
            search_text(raw_description) AS description FROM raw_texts
    ), words AS MATERIALIZED (
        SELECT *, to_tsvector('tillgraph', title_text) || to_tsvector('tillgraph_words', title_text) AS in_title,
            to_tsvector('tillgraph', keywords) || to_tsvector('simple', sku_words) AS in_keywords, to_tsvector('tillgraph', description) AS elsewhere
        FROM texts
    ), wanted AS MATERIALIZED (
        SELECT id, place, ordinal, before, pairs, keys FROM words, LATERAL (
            SELECT array_agg(DISTINCT key COLLATE "C") AS keys FROM (
                SELECT 't:' || unnest(tsvector_to_array(in_title)) AS key
                UNION ALL SELECT 'n:' || unnest(tsvector_to_array(in_title || in_keywords))
                UNION ALL SELECT 'w:' || unnest(tsvector_to_array(in_title || in_keywords || elsewhere))
                UNION ALL SELECT '=' || lower(replace(search_text(left(sku, 200)), ' ', '')) FROM unnest(skus) AS sku
                UNION ALL SELECT unnest(ARRAY['status:' || status, 'available:' || available, 'vendor:' || vendor, 'productType:' || product_type])
                UNION ALL SELECT 'tag:' || unnest(tags)
                UNION ALL SELECT 'option:' || unnest(pairs)
                UNION ALL SELECT 'collection:' || collection_id FROM product_collections WHERE product_id = id
                UNION ALL SELECT unnest(ARRAY[price_key('low', currency, (price_range_of(min_amount)).least),
                        price_key('high', currency, (price_range_of(max_amount)).most)])
                    FROM product_price_ranges WHERE product_id = id
            ) any_key WHERE key IS NOT NULL
        ) all_keys
    ), made AS (
        INSERT INTO search_documents (product_id, ordinal, keys, options) SELECT id, ordinal, keys, pairs FROM wanted WHERE place IS NULL ORDER BY ordinal
    ), rewritten AS (
        UPDATE search_documents d SET keys = w.keys, options = w.pairs FROM wanted w
        WHERE d.product_id = w.id AND w.place IS NOT NULL AND (d.keys, d.options) IS DISTINCT FROM (w.keys, w.pairs)
    ), known_words AS (
        INSERT INTO search_words (word)
        SELECT DISTINCT word FROM (SELECT DISTINCT string_to_table(title_text || ' ' || keywords, ' ') AS typed FROM texts) once,
            unnest(tsvector_to_array(to_tsvector('tillgraph_words', typed))) AS word
        WHERE length(word) BETWEEN 3 AND 50 AND word ~ '[[:alpha:]]' COLLATE "und-x-icu"
        ORDER BY word -- of two transactions that bring the same new words, one waits for the other, never both
        ON CONFLICT DO NOTHING
    )
    SELECT array_agg(key), array_agg(ordinal) INTO toggled, ordinals FROM (
        SELECT ordinal, unnest(keys) AS key FROM wanted WHERE place IS NULL
        UNION ALL
        SELECT ordinal, key FROM wanted, LATERAL (
            SELECT key FROM (SELECT unnest(keys) AS key UNION ALL SELECT unnest(before)) both_times GROUP BY 1 HAVING count(*) = 1
        ) difference WHERE place IS NOT NULL
    ) turned;
    PERFORM toggle_search_bits(toggled, ordinals);
END $$;

-- As many products as get stock in one statement become available by one. Their rows are locked first, so who looks later sees what the
-- earlier one did; a product that is just being made has no documents yet, and none are built for it here.
CREATE FUNCTION "stocks_make_available"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    sold uuid[] := ARRAY(
        SELECT DISTINCT v.product_id FROM made s JOIN variants v ON v.id = s.variant_id AND v.archived_at IS NULL
        WHERE NOT s.tracked OR s.oversell OR s.on_hand - s.reserved > 0);
BEGIN
    PERFORM FROM products WHERE id = ANY(sold) ORDER BY id FOR NO KEY UPDATE;
    UPDATE products SET available = true WHERE id = ANY(sold) AND NOT available;
    UPDATE product_documents d SET variants = c.variants FROM product_contents c
        WHERE d.product_id = ANY(sold) AND c.product_id = d.product_id;
    RETURN NULL;
END $$;

DROP TRIGGER "stocks_available_insert" ON "stocks";
CREATE TRIGGER "stocks_available_insert" AFTER INSERT ON "stocks" REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION "stocks_make_available"();
