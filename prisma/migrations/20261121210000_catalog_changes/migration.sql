-- Whoever keeps answers about the catalogue hears that it changed: every server listens to "catalog_changed". Told at commit, once a
-- transaction, and without saying what changed: it changes seldom, and what depends on what is nobody's to get wrong. A transaction
-- that tells waits for others that do, so an ordinary reservation, which changes nothing that an outsider sees, tells nothing.
CREATE FUNCTION "tell_catalog_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('catalog_changed', '');
    RETURN NULL;
END $$;

CREATE TRIGGER "products_tell" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "products"
    FOR EACH STATEMENT EXECUTE FUNCTION "tell_catalog_changed"();
CREATE TRIGGER "product_options_tell" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "product_options"
    FOR EACH STATEMENT EXECUTE FUNCTION "tell_catalog_changed"();
CREATE TRIGGER "variants_tell" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "variants"
    FOR EACH STATEMENT EXECUTE FUNCTION "tell_catalog_changed"();
CREATE TRIGGER "prices_tell" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "prices"
    FOR EACH STATEMENT EXECUTE FUNCTION "tell_catalog_changed"();
CREATE TRIGGER "images_tell" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "images"
    FOR EACH STATEMENT EXECUTE FUNCTION "tell_catalog_changed"();
CREATE TRIGGER "collections_tell" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "collections"
    FOR EACH STATEMENT EXECUTE FUNCTION "tell_catalog_changed"();
CREATE TRIGGER "product_collections_tell" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "product_collections"
    FOR EACH STATEMENT EXECUTE FUNCTION "tell_catalog_changed"();

-- Of stock, outsiders see only whether a variant can be had.
CREATE TRIGGER "stocks_tell_update" AFTER UPDATE OF "tracked", "oversell", "on_hand", "reserved" ON "stocks" FOR EACH ROW
    WHEN ((NOT NEW.tracked OR NEW.oversell OR NEW.on_hand - NEW.reserved > 0)
        <> (NOT OLD.tracked OR OLD.oversell OR OLD.on_hand - OLD.reserved > 0))
    EXECUTE FUNCTION "tell_catalog_changed"();
CREATE TRIGGER "stocks_tell_insert" AFTER INSERT ON "stocks" FOR EACH ROW
    WHEN (NOT NEW.tracked OR NEW.oversell OR NEW.on_hand - NEW.reserved > 0)
    EXECUTE FUNCTION "tell_catalog_changed"();
CREATE TRIGGER "stocks_tell_delete" AFTER DELETE OR TRUNCATE ON "stocks"
    FOR EACH STATEMENT EXECUTE FUNCTION "tell_catalog_changed"();
