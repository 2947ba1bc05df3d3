-- What is sold names its variant without a foreign key. The key locked the variant's row for each line, reservation and movement, which writes that
-- row: beside a million products each time in another page, the whole of which goes into the log when it is the first change since a
-- checkpoint (8 of 8.7 kB that adding to a cart wrote). It guarded against one thing, that a variant is taken away, and no variant ever is.

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
