-- What is sold names its variant without a foreign key. The key locked the variant's row for each line, reservation and movement, which writes that
-- row: beside a million products each time in another page, the whole of which goes into the log when it is the first change since a
-- checkpoint (8 of 8.7 kB that adding to a cart wrote). It guarded against one thing, that a variant is taken away, and no variant ever is.

-- Checkouts that are under way hold some of these tables and want others, in any order: who waits for one while holding another may wait for ever. So
-- all are taken at once, and let go again when that takes long. At last for longer than deadlock_timeout: only then does PostgreSQL call an autovacuum off.
DO $$
BEGIN
    FOR attempt IN 1 .. 30 LOOP
        PERFORM set_config('lock_timeout', CASE WHEN attempt <= 15 THEN '200ms' ELSE '1500ms' END, true);
        BEGIN
            LOCK TABLE "cart_lines", "order_lines", "reservations", "stock_movements", "variants" IN ACCESS EXCLUSIVE MODE;
            RETURN;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            PERFORM pg_sleep(0.1);
        END;
    END LOOP;
    RAISE EXCEPTION 'carts and orders are in use all the time: try again later' USING ERRCODE = 'lock_not_available';
END $$;

ALTER TABLE "cart_lines" DROP CONSTRAINT "cart_lines_variant_id_fkey";
ALTER TABLE "order_lines" DROP CONSTRAINT "order_lines_variant_id_fkey";
ALTER TABLE "reservations" DROP CONSTRAINT "reservations_variant_id_fkey";
ALTER TABLE "stock_movements" DROP CONSTRAINT "stock_movements_variant_id_fkey";

-- Holds for the owner too. Said for every statement, whatever it finds: then nobody has to look for what names the variant.
CREATE FUNCTION "refuse_removal"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% are archived, never removed: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER "variants_stay" BEFORE UPDATE OF "id" OR DELETE OR TRUNCATE ON "variants"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_removal"();
