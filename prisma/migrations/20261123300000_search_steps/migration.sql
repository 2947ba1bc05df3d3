-- All ordinals of a block's products whose bit is set, in no order, where these are few: of each 256 places, those without any are left out as bits, before
-- the zeros between two ones are counted. Not STRICT, so that it becomes part of the statement; OFFSET 0, so that nothing is reckoned anew for each row.
CREATE FUNCTION "sparse_ordinals"("block" int, "bits" bit) RETURNS TABLE ("ordinal" int)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 20 AS $$
    SELECT block * 16384 + 16384 - piece * 256 - (sum(octet_length(gap) + 1) OVER (PARTITION BY piece ORDER BY n))::int
    FROM (SELECT piece, substring(bits FROM piece * 256 + 1 FOR 256) AS part FROM generate_series(0, 63) AS piece OFFSET 0) pieces
    CROSS JOIN LATERAL string_to_table(part::text, '1') WITH ORDINALITY AS gaps (gap, n)
    WHERE bit_count(part) > 0 AND n <= bit_count(part)
$$;
