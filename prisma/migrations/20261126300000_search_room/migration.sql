-- What is counted of few hits, and which product an ordinal is, in rows a sixth as long as search_documents, which hold all words, too: of a million
-- products they are 0.25 GB instead of 1.5, so they stay in memory, where each hit was a page from the disk.
CREATE TABLE "search_facets" (
    "ordinal" INTEGER NOT NULL,
    "product_id" UUID NOT NULL,
    "keys" TEXT[] NOT NULL
);

-- Of a product's keys those of facets: words, titles and SKUs have a name of one letter or none, status and collections are filters only.
CREATE FUNCTION "facet_keys"("keys" text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY(SELECT key FROM unnest(keys) AS key
        WHERE strpos(key, ':') > 2 AND NOT starts_with(key, 'status:') AND NOT starts_with(key, 'collection:'));

-- Whoever writes documents, servers of before among them, writes these with the same statement; as their owner, for the role of servers gets its
-- rights on a new table only after the migration.
CREATE FUNCTION "documents_tell_facets"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO search_facets AS kept (ordinal, product_id, keys) SELECT ordinal, product_id, facet_keys(keys) FROM written
    ON CONFLICT (ordinal) DO UPDATE SET product_id = excluded.product_id, keys = excluded.keys
        WHERE (kept.product_id, kept.keys) IS DISTINCT FROM (excluded.product_id, excluded.keys);
    RETURN NULL;
END $$;
CREATE TRIGGER "search_documents_facets_made" AFTER INSERT ON "search_documents" REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION "documents_tell_facets"();
CREATE TRIGGER "search_documents_facets_changed" AFTER UPDATE ON "search_documents" REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION "documents_tell_facets"();

-- As before, and its facets leave, too.
CREATE OR REPLACE FUNCTION "document_leaves_search"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM search_facets WHERE ordinal = OLD.ordinal;
    PERFORM toggle_search_bits(OLD.keys, array_fill(OLD.ordinal, ARRAY[cardinality(OLD.keys)]));
    RETURN NULL;
END $$;

-- Writers wait meanwhile (CREATE TRIGGER has locked them out), searches don't.
INSERT INTO "search_facets" ("ordinal", "product_id", "keys") SELECT ordinal, product_id, facet_keys(keys) FROM "search_documents" ORDER BY ordinal;
ALTER TABLE "search_facets" ADD CONSTRAINT "search_facets_pkey" PRIMARY KEY ("ordinal");
-- Known to be empty the table would be read whole for each hit until it is looked at again: of one never looked at PostgreSQL expects more.
DO $$
BEGIN
    IF EXISTS (SELECT FROM search_facets) THEN
        ANALYZE search_facets;
    END IF;
END $$;
