-- As before, but rows are locked in the falling order of their keys: "w:", of which there are most, comes first and "available:" nearly last.
-- So a sale that empties a shelf waits for an import as briefly as can be.
CREATE OR REPLACE FUNCTION "toggle_search_bits"("toggled" text[], "ordinals" int[]) RETURNS void LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO search_blocks AS stored (key, block, places, dense)
    SELECT key, block, CASE WHEN cardinality(turned) <= 64 THEN turned ELSE '{}' END, CASE WHEN cardinality(turned) > 64 THEN bits_of(turned) END
    FROM (
        SELECT key COLLATE "C" AS key, ordinal / 16384 AS block, array_agg((ordinal % 16384)::smallint) AS turned FROM unnest(toggled, ordinals) AS pair (key, ordinal)
        GROUP BY 1, 2 ORDER BY 1 DESC, 2 DESC
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
