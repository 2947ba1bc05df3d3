-- As before, for a third less where all of a block is wanted: the first one is looked for only to cut off a beginning, and zeros are
-- counted as bytes.
CREATE OR REPLACE FUNCTION "search_ordinals"("block" int, "bits" bit, "least_many" int) RETURNS TABLE ("ordinal" int)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 100 AS $$
    SELECT block * 16384 + 16385 - first - (sum(octet_length(gap) + 1) OVER (ORDER BY n))::int
    FROM (
        SELECT first, part, bit_count(part) AS ones FROM (
            SELECT first, CASE WHEN bit_count(head) >= least_many THEN head ELSE substring(bits FROM first) END AS part FROM (
                SELECT first, substring(bits FROM first FOR least(2 * least_many::bigint * 16384 / greatest(bit_count(bits), 1), 16384)::int) AS head
                FROM (SELECT CASE WHEN bit_count(bits) > least_many THEN position(B'1' IN bits) ELSE 1 END AS first OFFSET 0) begin OFFSET 0
            ) begun OFFSET 0
        ) cut OFFSET 0
    ) counted, string_to_table(part::text, '1') WITH ORDINALITY AS gaps (gap, n)
    WHERE n <= ones ORDER BY n
$$;
