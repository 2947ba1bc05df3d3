-- Sets of products: a set of up to 64 in a block is a list of places (ordinal % 16384), a larger one 2 kB of bits. Neither is ever compressed: packing
-- and unpacking cost more than all else of a search or an import.
CREATE TABLE "search_blocks" (
    -- Compared byte by byte: the primary key answers prefixes and kinds of keys as ranges.
    "key" TEXT COLLATE "C" NOT NULL,
    "block" INTEGER NOT NULL,
    -- Empty where there are bits
    "places" SMALLINT[] NOT NULL DEFAULT ARRAY[]::SMALLINT[],
    "dense" BIT(16384),

    CONSTRAINT "search_blocks_check" CHECK ("dense" IS NULL OR "places" = '{}')
) WITH (fillfactor = 80, toast_tuple_target = 8160);
ALTER TABLE "search_blocks" ALTER COLUMN "dense" SET STORAGE PLAIN, ALTER COLUMN "places" SET STORAGE MAIN, ALTER COLUMN "key" SET STORAGE MAIN;

-- A list of places as bits. A loop: an aggregate over unnest takes four times as long.
CREATE FUNCTION "bits_of"("places" smallint[]) RETURNS bit LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    bits bit(16384) := B'0'::bit(16384);
    place smallint;
BEGIN
    FOREACH place IN ARRAY places LOOP
        bits := set_bit(bits, 16383 - place, 1);
    END LOOP;
    RETURN bits;
END $$;

-- What is read: the bits of each key and block, however they are kept. Servers of before read them under this name, too.
ALTER TABLE "search_bits" RENAME TO "search_bits_before";
CREATE VIEW "search_bits" AS SELECT "key", "block", coalesce("dense", bits_of("places")) AS "bits" FROM "search_blocks";

-- Turns each pair's bit over. Rows are locked in the order of their keys, so writers wait for each other but never in a circle.
CREATE OR REPLACE FUNCTION "toggle_search_bits"("toggled" text[], "ordinals" int[]) RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO search_blocks AS stored (key, block, places, dense)
    SELECT key, block, CASE WHEN cardinality(turned) <= 64 THEN turned ELSE '{}' END, CASE WHEN cardinality(turned) > 64 THEN bits_of(turned) END
    FROM (
        SELECT key, ordinal / 16384 AS block, array_agg((ordinal % 16384)::smallint) AS turned FROM unnest(toggled, ordinals) AS pair (key, ordinal)
        GROUP BY 1, 2 ORDER BY 1, 2
    ) sets
    ON CONFLICT (key, block) DO UPDATE SET
        places = CASE
            WHEN coalesce(stored.dense, excluded.dense) IS NOT NULL OR cardinality(stored.places) + cardinality(excluded.places) > 64 THEN '{}'
            WHEN stored.places && excluded.places THEN ARRAY(
                SELECT place FROM unnest(stored.places || excluded.places) AS place GROUP BY place HAVING count(*) = 1)
            ELSE stored.places || excluded.places END,
        dense = CASE
            WHEN coalesce(stored.dense, excluded.dense) IS NOT NULL OR cardinality(stored.places) + cardinality(excluded.places) > 64
            THEN coalesce(stored.dense, bits_of(stored.places)) # coalesce(excluded.dense, bits_of(excluded.places)) END
$$;

-- The ordinals of a block's products whose bit is set, the newest (greatest) first and at least the first `least_many` of them: the zeros
-- between two ones tell how far apart they are. From the first one on, only so much of the block is unpacked as should hold twice as
-- many, when it does. Not STRICT, so that it becomes part of the statement; OFFSET 0, so that nothing is reckoned anew for each row.
CREATE OR REPLACE FUNCTION "search_ordinals"("block" int, "bits" bit, "least_many" int) RETURNS TABLE ("ordinal" int)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 100 AS $$
    SELECT block * 16384 + 16385 - first - (sum(length(gap) + 1) OVER (ORDER BY n))::int
    FROM (
        SELECT first, part, bit_count(part) AS ones FROM (
            SELECT first, CASE WHEN bit_count(head) >= least_many THEN head ELSE substring(bits FROM first) END AS part FROM (
                SELECT first, substring(bits FROM first FOR least(2 * least_many::bigint * 16384 / greatest(bit_count(bits), 1), 16384)::int) AS head
                FROM (SELECT position(B'1' IN bits) AS first OFFSET 0) begin OFFSET 0
            ) begun OFFSET 0
        ) cut OFFSET 0
    ) counted, string_to_table(part::text, '1') WITH ORDINALITY AS gaps (gap, n)
    WHERE n <= ones ORDER BY n
$$;

-- All sets anew from the products' keys, a block at a time.
DO $$
BEGIN
    PERFORM set_config('work_mem', '64MB', true);
    FOR n IN 0 .. coalesce((SELECT max(ordinal) FROM search_documents), -1) / 16384 LOOP
        INSERT INTO search_blocks (key, block, places, dense)
        SELECT key, n, CASE WHEN cardinality(set) <= 64 THEN set ELSE '{}' END, CASE WHEN cardinality(set) > 64 THEN bits_of(set) END
        FROM (
            SELECT key COLLATE "C" AS key, array_agg((ordinal % 16384)::smallint) AS set FROM search_documents, unnest(keys) AS key
            WHERE ordinal BETWEEN n * 16384 AND n * 16384 + 16383 GROUP BY 1
        ) sets ORDER BY key;
    END LOOP;
END $$;
DROP TABLE "search_bits_before";
ALTER TABLE "search_blocks" ADD CONSTRAINT "search_blocks_pkey" PRIMARY KEY ("key", "block");
ANALYZE "search_blocks";
