-- What hangs below a product, each list as one JSON document: a page of products reads one row for each instead of one for every variant,
-- price, image and option. How documents come about is said here once, as views over the tables. Whoever changes a product writes its
-- documents anew in the same transaction; a variant that starts or stops being sellable does so by itself. Left out is what many products
-- share (collections) and what every order changes (counts of stock).

CREATE TABLE "product_documents" (
    "product_id" UUID NOT NULL,
    "images" JSON NOT NULL,
    "options" JSON NOT NULL,
    "price_ranges" JSON NOT NULL,
    "variants" JSON NOT NULL,

    CONSTRAINT "product_documents_pkey" PRIMARY KEY ("product_id")
);

ALTER TABLE "product_documents" ADD CONSTRAINT "product_documents_product_id_fkey"
    FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One row a variant, archived ones too: carts and orders hold those. An archived one may be of a time when the product had other options.
CREATE VIEW "variant_contents" AS
SELECT v.id AS variant_id, v.product_id, v.position, v.archived_at, (SELECT row_to_json(d) FROM (
    SELECT v.id AS uuid, v.sku, v.title, v.archived_at IS NOT NULL AS archived,
        coalesce((
            SELECT json_agg(s) FROM (
                SELECT o.name, v.option_values[row_number() OVER (ORDER BY o.position, o.id)] AS value
                FROM product_options o WHERE o.product_id = v.product_id ORDER BY o.position, o.id
            ) s WHERE s.value IS NOT NULL), '[]') AS "selectedOptions",
        CASE WHEN v.image_url IS NOT NULL THEN (SELECT row_to_json(i) FROM (
            SELECT v.image_url AS url, (
                SELECT alt_text FROM images WHERE product_id = v.product_id AND url = v.image_url ORDER BY position, id LIMIT 1) AS "altText"
        ) i) END AS image,
        coalesce((
            SELECT json_agg(c) FROM (
                SELECT currency, amount, compare_at AS "compareAt" FROM prices WHERE variant_id = v.id AND channel = 'default' ORDER BY currency
            ) c), '[]') AS prices,
        v.archived_at IS NULL AND EXISTS (
            SELECT FROM stocks s WHERE s.variant_id = v.id AND (NOT s.tracked OR s.oversell OR s.on_hand - s.reserved > 0)) AS available
) d) AS document
FROM variants v;

CREATE VIEW "product_contents" AS
SELECT p.id AS product_id,
    coalesce((
        SELECT json_agg(i) FROM (
            SELECT url, alt_text AS "altText", width, height FROM images WHERE product_id = p.id ORDER BY position, id
        ) i), '[]') AS images,
    coalesce((
        SELECT json_agg(o) FROM (
            SELECT name, values FROM product_options WHERE product_id = p.id ORDER BY position, id
        ) o), '[]') AS options,
    coalesce((
        SELECT json_agg(r) FROM (
            SELECT currency, min_amount AS min, max_amount AS max FROM product_price_ranges WHERE product_id = p.id ORDER BY currency
        ) r), '[]') AS price_ranges,
    coalesce((
        SELECT json_agg(v.document ORDER BY v.position, v.variant_id) FROM variant_contents v
        WHERE v.product_id = p.id AND v.archived_at IS NULL), '[]') AS variants
FROM products p;

INSERT INTO "product_documents" ("product_id", "images", "options", "price_ranges", "variants")
SELECT product_id, images, options, price_ranges, variants FROM product_contents;

-- As before, and the documents with it. The product's row is locked first, so who looks later sees what the earlier one did. A product
-- that is just being made has no documents yet, and none are built for it here.
CREATE OR REPLACE FUNCTION "refresh_available"("product" uuid) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    sellable boolean;
BEGIN
    PERFORM FROM products WHERE id = product FOR NO KEY UPDATE;
    sellable := EXISTS (
        SELECT FROM variants v JOIN stocks s ON s.variant_id = v.id
        WHERE v.product_id = product AND v.archived_at IS NULL
            AND (NOT s.tracked OR s.oversell OR s.on_hand - s.reserved > 0));
    UPDATE products SET available = sellable WHERE id = product AND available <> sellable;
    UPDATE product_documents d SET variants = c.variants FROM product_contents c
        WHERE d.product_id = product AND c.product_id = product;
END $$;

-- ------------------------------------------------------ how many products there are

-- How many products are of a status is the sum of its rows here: a list's totalCount costs the same for a thousand products and for a
-- million. Each statement that makes, removes or moves products adds a row and puts those together that nobody else is at: none waits
-- for another, and there are about as many rows as there are writers at once.
CREATE TABLE "product_counts" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "status" "product_status" NOT NULL,
    "products" BIGINT NOT NULL,

    CONSTRAINT "product_counts_pkey" PRIMARY KEY ("id")
);

INSERT INTO "product_counts" ("status", "products") SELECT status, count(*) FROM products GROUP BY status;

CREATE FUNCTION "count_products"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    CASE TG_OP
        WHEN 'INSERT' THEN
            INSERT INTO product_counts (status, products) SELECT status, count(*) FROM made GROUP BY status;
        WHEN 'DELETE' THEN
            INSERT INTO product_counts (status, products) SELECT status, -count(*) FROM gone GROUP BY status;
        WHEN 'UPDATE' THEN
            INSERT INTO product_counts (status, products) SELECT status, sum(change) FROM (
                SELECT status, 1 AS change FROM made UNION ALL SELECT status, -1 FROM gone
            ) moved GROUP BY status HAVING sum(change) <> 0;
    END CASE;
    IF FOUND THEN
        WITH idle AS (SELECT id FROM product_counts FOR UPDATE SKIP LOCKED),
            taken AS (DELETE FROM product_counts c USING idle WHERE c.id = idle.id RETURNING c.status, c.products)
        INSERT INTO product_counts (status, products) SELECT status, sum(products) FROM taken GROUP BY status;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER "products_made" AFTER INSERT ON "products" REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION "count_products"();
CREATE TRIGGER "products_gone" AFTER DELETE ON "products" REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION "count_products"();
CREATE TRIGGER "products_moved" AFTER UPDATE ON "products" REFERENCING OLD TABLE AS gone NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION "count_products"();
