-- A cart asks for its delivery and tax each time it is read or changed, and those hardly ever change: what a country is offered is put together when
-- a zone, an option or a rate changes. A cart then looks up one row, where it sorted zones and joined options with rates: a seventh of what it cost.

-- CreateTable
CREATE TABLE "delivery_terms" (
    "ships_to" TEXT NOT NULL,
    "handle" TEXT NOT NULL,
    "tax_label" TEXT NOT NULL,
    "tax_rate" INTEGER NOT NULL,
    "tax_included" BOOLEAN NOT NULL,
    "options" JSONB NOT NULL,

    CONSTRAINT "delivery_terms_pkey" PRIMARY KEY ("ships_to")
);

-- A country's row, else that of all countries without one (''); null without either. Only functions with a search_path of their own call it.
-- (Looked up in two steps: one that sorts what it finds takes longer than both.)
CREATE FUNCTION "delivery_terms_of"("country" text) RETURNS "delivery_terms" LANGUAGE plpgsql STABLE AS $$
DECLARE
    terms delivery_terms;
BEGIN
    SELECT * INTO terms FROM delivery_terms WHERE ships_to = country;
    IF NOT FOUND THEN
        SELECT * INTO terms FROM delivery_terms WHERE ships_to = '';
    END IF;
    RETURN terms;
END $$;

-- What the tables of zones, options and rates say.
CREATE VIEW "delivery_offers" AS
    SELECT named.country AS ships_to, z.handle, z.tax_label, z.tax_rate, z.tax_included, coalesce(offered.options, '{}') AS options
    FROM (SELECT unnest(countries) AS country FROM delivery_zones UNION SELECT '') named
    CROSS JOIN LATERAL zone_of(named.country) z
    LEFT JOIN (SELECT priced.zone_id, jsonb_object_agg(priced.currency, priced.options) AS options FROM (
        SELECT d.zone_id, r.currency, jsonb_agg(jsonb_build_object('handle', d.handle, 'title', d.title, 'amount', r.amount,
            'freeAbove', r.free_above) ORDER BY d.position, d.id) AS options
        FROM delivery_options d JOIN delivery_rates r ON r.option_id = d.id
        GROUP BY d.zone_id, r.currency) priced GROUP BY priced.zone_id) offered ON offered.zone_id = z.id;

-- Two who change deliveries at once settle them one after the other: the later one waits here, then sees what the other has changed. Who
-- reads waits for nobody.
CREATE FUNCTION "settle_delivery_terms"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE delivery_terms IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM delivery_terms;
    INSERT INTO delivery_terms (ships_to, handle, tax_label, tax_rate, tax_included, options)
        SELECT ships_to, handle, tax_label, tax_rate, tax_included, options FROM delivery_offers;
    RETURN NULL;
END $$;

CREATE TRIGGER "delivery_zones_settle" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "delivery_zones"
    FOR EACH STATEMENT EXECUTE FUNCTION "settle_delivery_terms"();
CREATE TRIGGER "delivery_options_settle" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "delivery_options"
    FOR EACH STATEMENT EXECUTE FUNCTION "settle_delivery_terms"();
CREATE TRIGGER "delivery_rates_settle" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "delivery_rates"
    FOR EACH STATEMENT EXECUTE FUNCTION "settle_delivery_terms"();

-- What is there already.
UPDATE "delivery_zones" SET "position" = "position";

CREATE OR REPLACE FUNCTION "cart_document"("c" carts, "order_id" uuid, "frozen" boolean, "country" text) RETURNS json LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    own_key data_keys;
    owner accounts;
    owner_key data_keys;
    terms delivery_terms;
    ordered json;
    ordered_variants uuid[];
    ordered_amounts bigint[];
BEGIN
    IF c.data_key_id IS NOT NULL THEN
        SELECT * INTO own_key FROM data_keys WHERE id = c.data_key_id;
    END IF;
    IF c.account_id IS NOT NULL THEN
        SELECT * INTO owner FROM accounts WHERE id = c.account_id;
        SELECT * INTO owner_key FROM data_keys WHERE id = owner.data_key_id;
    END IF;
    IF c.state = 'ORDERED' THEN
        SELECT json_build_object('subtotal', o.subtotal, 'discount', o.discount, 'shipping', o.shipping, 'tax', o.tax,
            'taxIncluded', o.tax_included, 'total', o.total) INTO ordered FROM orders o WHERE o.id = order_id;
        SELECT array_agg(l.variant_id), array_agg(l.unit_amount) INTO ordered_variants, ordered_amounts
            FROM order_lines l WHERE l.order_id = cart_document.order_id;
    END IF;
    terms := delivery_terms_of(coalesce(c.shipping_country::text, country));
    RETURN (SELECT row_to_json(whole) FROM (SELECT c.id AS "uuid", c.account_id AS "accountId", c.currency, c.state, c.version,
        c.email_cipher AS "emailCipher", c.shipping_cipher AS "shippingCipher", c.billing_cipher AS "billingCipher",
        c.shipping_country AS "shippingCountry", c.delivery_handle AS "deliveryHandle", c.updated_at AS "updatedAt",
        own_key.id AS "keyId", own_key.wrapped AS "keyWrapped", owner.email_cipher AS "accountEmailCipher",
        owner_key.id AS "accountKeyId", owner_key.wrapped AS "accountKeyWrapped", order_id AS "orderUuid", frozen AS "frozen",
        coalesce((SELECT json_agg(line) FROM (
            SELECT l.id AS "uuid", l.variant_id AS "variantUuid", l.quantity, l.seen_amount AS "seenAmount",
                CASE WHEN ordered IS NOT NULL THEN ordered_amounts[array_position(ordered_variants, l.variant_id)]
                    WHEN p.status = 'ACTIVE' THEN pr.amount END AS "amount",
                v.archived_at IS NULL AND p.status = 'ACTIVE' AS "live", p.title AS "productTitle",
                v.title AS "variantTitle", cardinality(v.option_values) > 0 AS "hasOptions", v.sku,
                coalesce(s.tracked, true) AS "tracked", coalesce(s.oversell, false) AS "oversell",
                coalesce(s.on_hand - s.reserved, 0) AS "left"
            FROM cart_lines l
            JOIN variants v ON v.id = l.variant_id
            JOIN products p ON p.id = v.product_id
            LEFT JOIN prices pr ON pr.variant_id = l.variant_id AND pr.currency = c.currency AND pr.channel = 'default'
            LEFT JOIN stocks s ON s.variant_id = l.variant_id AND s.location = 'default'
            WHERE l.cart_id = c.id
            ORDER BY l.created_at, l.id) line), '[]') AS "lines",
        CASE WHEN terms.ships_to IS NOT NULL THEN json_build_object('handle', terms.handle, 'taxLabel', terms.tax_label,
            'taxRate', terms.tax_rate, 'taxIncluded', terms.tax_included,
            'options', coalesce(terms.options -> c.currency::text, '[]')) END AS "zone",
        ordered AS "ordered") whole);
END $$;

CREATE OR REPLACE FUNCTION "update_cart"("cart" uuid, "caller" uuid, "sets" text[], "email" bytea, "shipping" bytea, "shipping_to" text, "billing" bytea,
    "delivery" text, "known_key" uuid, "key_id" uuid, "key_wrapped" bytea, "key_version" int, "at" timestamptz, "country" text) RETURNS json
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
    held carts;
    placed uuid;
    has data_keys;
    terms delivery_terms;
    closed text;
    chosen text;
    goes_to text;
BEGIN
    SELECT * INTO held FROM carts WHERE id = cart FOR NO KEY UPDATE;
    SELECT id INTO placed FROM orders WHERE cart_id = cart;
    IF held.state IS DISTINCT FROM 'ACTIVE' OR held.account_id IS NOT NULL OR placed IS NOT NULL THEN -- else it is a guest's and open
        closed := why_closed(held, caller);
        IF closed IS NOT NULL THEN
            RETURN json_build_object('code', closed);
        END IF;
    END IF;
    IF email IS NOT NULL OR shipping IS NOT NULL OR billing IS NOT NULL THEN
        IF held.data_key_id IS NOT NULL THEN
            SELECT * INTO has FROM data_keys WHERE id = held.data_key_id;
        END IF;
        IF held.data_key_id IS DISTINCT FROM known_key OR (has.wrapped IS NULL) <> (key_id IS NOT NULL) THEN
            RETURN json_build_object('code', 'KEY_CHANGED', 'key', json_build_object('id', has.id, 'wrapped', has.wrapped));
        END IF;
    END IF;
    chosen := CASE WHEN 'delivery' = ANY (sets) THEN delivery ELSE held.delivery_handle END;
    goes_to := CASE WHEN 'shipping' = ANY (sets) THEN shipping_to ELSE held.shipping_country::text END;
    IF chosen IS NOT NULL AND sets && '{shipping,delivery}' THEN
        terms := delivery_terms_of(coalesce(goes_to, country));
        IF NOT coalesce(terms.options -> held.currency::text @> jsonb_build_array(jsonb_build_object('handle', chosen)), false) THEN
            IF delivery IS NOT NULL THEN
                RETURN json_build_object('code', 'DELIVERY_NOT_AVAILABLE');
            END IF;
            chosen := NULL;
        END IF;
    END IF;
    IF key_id IS NOT NULL THEN
        INSERT INTO data_keys (id, wrapped, kek_version, created_at) VALUES (key_id, key_wrapped, key_version, at);
    END IF;
    UPDATE carts SET data_key_id = coalesce(key_id, data_key_id), delivery_handle = chosen, shipping_country = goes_to,
        email_cipher = CASE WHEN 'email' = ANY (sets) THEN email WHEN key_id IS NULL THEN email_cipher END,
        shipping_cipher = CASE WHEN 'shipping' = ANY (sets) THEN shipping WHEN key_id IS NULL THEN shipping_cipher END,
        billing_cipher = CASE WHEN 'billing' = ANY (sets) THEN billing WHEN key_id IS NULL THEN billing_cipher END,
        version = version + 1, updated_at = at
        WHERE id = cart RETURNING * INTO held;
    RETURN json_build_object('cart', cart_document(held, placed, false, country));
END $$;
