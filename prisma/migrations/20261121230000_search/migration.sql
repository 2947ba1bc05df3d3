-- What search reads: for each key that a product can be found by or counted under, one bit per product. Products are numbered; a row
-- holds the bits of 16,384 of them, so sets are united, intersected and counted a block at a time, whatever their size. 2 kB is also
-- where PostgreSQL starts to compress: a word that few products have takes some 40 bytes.
CREATE TABLE "search_bits" (
    -- Compared byte by byte: the primary key answers prefixes and kinds of keys as ranges.
    "key" TEXT COLLATE "C" NOT NULL,
    "block" INTEGER NOT NULL,
    "bits" BIT(16384) NOT NULL,

    CONSTRAINT "search_bits_pkey" PRIMARY KEY ("key", "block")
) WITH (fillfactor = 80, toast_tuple_target = 128);
ALTER TABLE "search_bits" ALTER COLUMN "bits" SET STORAGE MAIN;

-- Emptied first: products are numbered anew, from one on.
DELETE FROM "search_documents";

-- AlterTable
ALTER TABLE "search_documents" DROP COLUMN "document",
    ADD COLUMN "ordinal" SERIAL NOT NULL,
    -- Exactly the keys under which the product's bit is set.
    ADD COLUMN "keys" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

-- CreateIndex
CREATE UNIQUE INDEX "search_documents_ordinal_key" ON "search_documents"("ordinal");

-- ---------------------------------------------------------------------- bits

-- Turns each pair's bit over. Rows are locked in the order of their keys, so writers wait for each other but never in a circle.
CREATE FUNCTION "toggle_search_bits"("toggled" text[], "ordinals" int[]) RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO search_bits AS stored (key, block, bits)
    SELECT key, ordinal / 16384, bit_xor(set_bit(B'0'::bit(16384), 16383 - ordinal % 16384, 1))
    FROM unnest(toggled, ordinals) AS pair (key, ordinal) GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (key, block) DO UPDATE SET bits = stored.bits # excluded.bits
$$;

-- The ordinals of a block's products whose bit is set, the newest (greatest) first and at least the first `least_many` of them: the zeros
-- between two ones tell how far apart they are. Only so much of the block is unpacked as should hold twice as many, when it does.
CREATE FUNCTION "search_ordinals"("block" int, "bits" bit, "least_many" int) RETURNS TABLE ("ordinal" int)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 100 AS $$
    SELECT block * 16384 + 16384 - (sum(length(gap) + 1) OVER (ORDER BY n))::int
    FROM (SELECT substring(bits FROM 1 FOR least(2 * least_many::bigint * 16384 / greatest(bit_count(bits), 1), 16384)::int) AS head) start,
        LATERAL (SELECT CASE WHEN bit_count(head) >= least_many THEN head ELSE bits END AS part) enough,
        string_to_table(part::text, '1') WITH ORDINALITY AS gaps (gap, n)
    WHERE n <= bit_count(part) ORDER BY n
$$;

-- The first and last amount of the round range that an amount lies in: ten ranges for each power of ten.
CREATE FUNCTION "price_range_of"("amount" bigint, OUT "least" bigint, OUT "most" bigint) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(max(start) FILTER (WHERE start <= amount), amount),
        CASE WHEN amount < 10 THEN amount ELSE min(start) FILTER (WHERE start > amount) - 1 END
    FROM (SELECT step * (10 ^ greatest(length(amount::text) - 2, 0))::bigint AS start
        FROM unnest(ARRAY[10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100]::bigint[]) AS step) starts
$$;

CREATE FUNCTION "price_key"("kind" text, "currency" text, "amount" bigint) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN kind || ':' || currency || ':' || lpad(amount::text, 18, '0');

-- ------------------------------------------------------------------ documents

-- Writes what search reads about products, in the transaction that changes them; their rows must be locked, or new. A product's keys:
-- "t:" and a word of its title (stemmed, and as it is, for prefixes), "n:" of title, vendor, type, tags, option values and SKUs, "w:" of
-- these and the description; "=" and the letters and digits of a SKU; its facet values, status and collections; "low:" and "high:"
-- with the round range of its lowest and highest price. Texts are searched up to their 50,000th character.
CREATE FUNCTION "index_products"("changed" uuid[]) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    toggled text[];
    ordinals int[];
BEGIN
    -- Not an upsert: that would take a number for each product it finds, and blocks would fill with holes.
    INSERT INTO search_documents (product_id) SELECT p.id FROM products p
        WHERE p.id = ANY(changed) AND NOT EXISTS (SELECT FROM search_documents d WHERE d.product_id = p.id) ORDER BY p.created_at, p.id;
    WITH texts AS MATERIALIZED (
        SELECT d.ordinal, d.keys AS before, p.*, coalesce(o.pairs, '{}') AS pairs, coalesce(s.keys, '{}') AS sku_keys,
            search_text(left(p.title, 50000)) AS title_text,
            search_text(left(concat_ws(' ', p.vendor, p.product_type, array_to_string(p.tags, ' '), o.values), 50000)) AS keywords,
            search_text(coalesce(s.words, '')) AS sku_words,
            search_text(left(regexp_replace(p.description_html, '<[^>]*>|&#?\w+;', ' ', 'g'), 50000)) AS description
        FROM products p JOIN search_documents d ON d.product_id = p.id
        LEFT JOIN LATERAL (
            SELECT array_agg(DISTINCT concat(name, '=', value)) AS pairs, string_agg(DISTINCT value, ' ') AS values
            FROM (
                SELECT o.name, v.option_values[row_number() OVER (PARTITION BY v.id ORDER BY o.position, o.id)] AS value
                FROM product_options o JOIN variants v ON v.product_id = o.product_id AND v.archived_at IS NULL
                WHERE o.product_id = p.id
            ) chosen WHERE value IS NOT NULL
        ) o ON true
        LEFT JOIN LATERAL (
            SELECT array_agg('=' || lower(replace(search_text(left(v.sku, 200)), ' ', ''))) FILTER (WHERE v.sku IS NOT NULL) AS keys,
                string_agg(v.sku, ' ') AS words
            FROM variants v WHERE v.product_id = p.id AND v.archived_at IS NULL -- "sku IS NOT NULL" here would scan the index of all SKUs
        ) s ON true
        WHERE p.id = ANY(changed)
    ), words AS MATERIALIZED (
        SELECT ordinal, to_tsvector('tillgraph', title_text) || to_tsvector('tillgraph_words', title_text) AS in_title,
            to_tsvector('tillgraph', keywords) || to_tsvector('simple', sku_words) AS in_keywords, to_tsvector('tillgraph', description) AS elsewhere
        FROM texts
    ), wanted AS MATERIALIZED (
        SELECT DISTINCT ordinal, key FROM (
            SELECT ordinal, 't:' || unnest(tsvector_to_array(in_title)) AS key FROM words
            UNION ALL SELECT ordinal, 'n:' || unnest(tsvector_to_array(in_title || in_keywords)) FROM words
            UNION ALL SELECT ordinal, 'w:' || unnest(tsvector_to_array(in_title || in_keywords || elsewhere)) FROM words
            UNION ALL SELECT ordinal, unnest(sku_keys) FROM texts
            UNION ALL SELECT ordinal, unnest(ARRAY['status:' || status, 'available:' || available, 'vendor:' || vendor, 'productType:' || product_type]) FROM texts
            UNION ALL SELECT ordinal, 'tag:' || unnest(tags) FROM texts
            UNION ALL SELECT ordinal, 'option:' || unnest(pairs) FROM texts
            UNION ALL SELECT ordinal, 'collection:' || collection_id FROM texts JOIN product_collections ON product_id = id
            UNION ALL SELECT ordinal, unnest(ARRAY[price_key('low', currency, (price_range_of(min_amount)).least),
                    price_key('high', currency, (price_range_of(max_amount)).most)])
                FROM texts JOIN product_price_ranges ON product_id = id
        ) any_key WHERE key IS NOT NULL
    ), written AS (
        UPDATE search_documents d SET keys = w.keys, options = t.pairs
        FROM texts t JOIN (SELECT ordinal, array_agg(key) AS keys FROM wanted GROUP BY 1) w ON w.ordinal = t.ordinal WHERE d.ordinal = t.ordinal
    ), known_words AS (
        INSERT INTO search_words (word)
        SELECT DISTINCT word FROM texts, unnest(tsvector_to_array(to_tsvector('tillgraph_words', title_text || ' ' || keywords))) AS word
        WHERE length(word) BETWEEN 3 AND 50 AND word ~ '[[:alpha:]]' COLLATE "und-x-icu"
        ORDER BY word -- of two transactions that bring the same new words, one waits for the other, never both
        ON CONFLICT DO NOTHING
    )
    SELECT array_agg(key), array_agg(ordinal) INTO toggled, ordinals FROM (
        SELECT ordinal, key FROM (SELECT ordinal, key FROM wanted UNION ALL SELECT ordinal, unnest(before) FROM texts) both_times
        GROUP BY 1, 2 HAVING count(*) = 1
    ) difference;
    PERFORM toggle_search_bits(toggled, ordinals);
END $$;

-- Availability changes with stock, without a save. Deferred: the rows that many products share are locked for the moment of commit only.
CREATE FUNCTION "available_changes_search"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    sold boolean := (SELECT available FROM products WHERE id = NEW.id);
    place int;
BEGIN
    UPDATE search_documents SET keys = array_replace(keys, 'available:' || NOT sold, 'available:' || sold)
        WHERE product_id = NEW.id AND keys @> ARRAY['available:' || NOT sold] RETURNING ordinal INTO place;
    IF FOUND THEN
        PERFORM toggle_search_bits(ARRAY['available:false', 'available:true'], ARRAY[place, place]);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER "products_available_search" AFTER UPDATE OF "available" ON "products" DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.available <> OLD.available) EXECUTE FUNCTION "available_changes_search"();

CREATE FUNCTION "document_leaves_search"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM toggle_search_bits(OLD.keys, array_fill(OLD.ordinal, ARRAY[cardinality(OLD.keys)]));
    RETURN NULL;
END $$;

CREATE TRIGGER "search_documents_leave" AFTER DELETE ON "search_documents" FOR EACH ROW EXECUTE FUNCTION "document_leaves_search"();

-- The products there are, in the order in which they came.
DO $$
DECLARE
    round uuid[];
BEGIN
    FOR round IN SELECT array_agg(id ORDER BY n) FROM (SELECT id, row_number() OVER (ORDER BY created_at, id) AS n FROM products) numbered
        GROUP BY n / 1000 ORDER BY n / 1000
    LOOP
        PERFORM index_products(round);
    END LOOP;
END $$;
