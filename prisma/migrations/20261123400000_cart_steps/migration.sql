-- What changes a cart answers with the rows that it has in hand: before, the answer looked for all of them again. An update of what has nothing
-- to do with delivery asks nothing about that, and lines are put in after one look at those that are there.

-- What read_cart tells of a cart. "order_id" is its order, null when it has none; "frozen" says that this is being paid. Only functions with a search_path
-- of their own call it.
CREATE FUNCTION "cart_document"("c" carts, "order_id" uuid, "frozen" boolean, "country" text) RETURNS json LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    own_key data_keys;
    owner accounts;
    owner_key data_keys;
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
        (SELECT row_to_json(zone) FROM (
            SELECT z.handle, z.tax_label AS "taxLabel", z.tax_rate AS "taxRate", z.tax_included AS "taxIncluded",
                coalesce((SELECT json_agg(option) FROM (
                    SELECT d.handle, d.title, r.amount, r.free_above AS "freeAbove"
                    FROM delivery_options d JOIN delivery_rates r ON r.option_id = d.id AND r.currency = c.currency
                    WHERE d.zone_id = z.id ORDER BY d.position, d.id) option), '[]') AS "options"
            FROM zone_of(coalesce(c.shipping_country::text, country)) z) zone) AS "zone",
        ordered AS "ordered") whole);
END $$;


CREATE OR REPLACE FUNCTION "read_cart"("cart" uuid, "country" text) RETURNS json
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
    c carts;
    placed uuid;
    frozen boolean := false;
BEGIN
    SELECT * INTO c FROM carts WHERE id = cart;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT id INTO placed FROM orders WHERE cart_id = cart;
    IF FOUND THEN
        frozen := EXISTS (SELECT FROM payment_operations op WHERE op.order_id = placed AND op.kind = 'AUTHORIZE'
            AND op.status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN'));
    END IF;
    RETURN cart_document(c, placed, frozen, country);
END $$;

CREATE OR REPLACE FUNCTION "put_cart_lines"("held" carts, "variants" uuid[], "quantities" int[], "positions" int[], "line_ids" uuid[],
    "most_lines" int, "most_pieces" int, "most_amount" bigint, "at" timestamptz) RETURNS json
    LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    price bigint;
    prices bigint[];
    has uuid[];
    pieces int[];
    place int;
    total int;
    fresh int := 0;
    excess int;
BEGIN
    SELECT array_agg(l.variant_id), array_agg(l.quantity) INTO has, pieces FROM cart_lines l WHERE l.cart_id = held.id;
    FOR i IN 1 .. cardinality(variants) LOOP
        SELECT pr.amount INTO price FROM variants v
            JOIN products p ON p.id = v.product_id AND p.status = 'ACTIVE'
            JOIN prices pr ON pr.variant_id = v.id AND pr.currency = held.currency AND pr.channel = 'default'
            WHERE v.id = variants[i] AND v.archived_at IS NULL;
        IF NOT FOUND THEN
            RETURN json_build_object('code', 'VARIANT_NOT_FOUND', 'position', positions[i]);
        END IF;
        prices[i] := price;
        place := array_position(has, variants[i]);
        IF place IS NULL THEN
            fresh := fresh + 1;
        END IF;
        total := coalesce(pieces[place], 0) + quantities[i];
        IF excess IS NULL AND (total > most_pieces OR price * total > most_amount) THEN
            excess := positions[i];
        END IF;
    END LOOP;
    IF excess IS NOT NULL THEN
        RETURN json_build_object('code', 'QUANTITY_INVALID', 'position', excess);
    END IF;
    IF fresh > 0 AND fresh + coalesce(cardinality(has), 0) > most_lines THEN
        RETURN json_build_object('code', 'TOO_MANY_LINES');
    END IF;
    FOR i IN 1 .. cardinality(variants) LOOP
        INSERT INTO cart_lines AS l (id, cart_id, variant_id, quantity, seen_amount, created_at)
            VALUES (line_ids[i], held.id, variants[i], quantities[i], prices[i], at)
            ON CONFLICT (cart_id, variant_id) DO UPDATE SET quantity = l.quantity + excluded.quantity, seen_amount = excluded.seen_amount;
    END LOOP;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION "create_cart"("cart" uuid, "currency" text, "key_id" uuid, "key_wrapped" bytea, "key_version" int, "email" bytea,
    "variants" uuid[], "quantities" int[], "positions" int[], "line_ids" uuid[], "most_lines" int, "most_pieces" int, "most_amount" bigint,
    "at" timestamptz, "country" text) RETURNS json
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
    held carts;
    refusal json;
BEGIN
    IF key_id IS NOT NULL THEN
        INSERT INTO data_keys (id, wrapped, kek_version, created_at) VALUES (key_id, key_wrapped, key_version, at);
    END IF;
    INSERT INTO carts (id, data_key_id, currency, email_cipher, created_at, updated_at)
        VALUES (cart, key_id, create_cart.currency, email, at, at) RETURNING * INTO held;
    refusal := put_cart_lines(held, variants, quantities, positions, line_ids, most_lines, most_pieces, most_amount, at);
    IF refusal IS NOT NULL THEN
        DELETE FROM carts WHERE id = cart;
        DELETE FROM data_keys WHERE id = key_id;
        RETURN refusal;
    END IF;
    RETURN json_build_object('cart', cart_document(held, NULL, false, country));
END $$;

CREATE OR REPLACE FUNCTION "add_cart_lines"("cart" uuid, "caller" uuid, "variants" uuid[], "quantities" int[], "positions" int[], "line_ids" uuid[],
    "most_lines" int, "most_pieces" int, "most_amount" bigint, "at" timestamptz, "country" text) RETURNS json
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
    held carts;
    placed uuid;
    closed text;
    refusal json;
BEGIN
    SELECT * INTO held FROM carts WHERE id = cart FOR NO KEY UPDATE;
    closed := why_closed(held, caller);
    IF closed IS NOT NULL THEN
        RETURN json_build_object('code', closed);
    END IF;
    SELECT id INTO placed FROM orders WHERE cart_id = cart;
    refusal := put_cart_lines(held, variants, quantities, positions, line_ids, most_lines, most_pieces, most_amount, at);
    IF refusal IS NOT NULL THEN
        RETURN refusal;
    END IF;
    UPDATE carts SET version = version + 1, updated_at = at WHERE id = cart RETURNING * INTO held;
    RETURN json_build_object('cart', cart_document(held, placed, false, country));
END $$;

CREATE OR REPLACE FUNCTION "update_cart_lines"("cart" uuid, "caller" uuid, "line_ids" uuid[], "quantities" int[], "positions" int[],
    "most_amount" bigint, "at" timestamptz, "country" text) RETURNS json
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
    held carts;
    placed uuid;
    closed text;
    price bigint;
    prices bigint[];
    excess int;
BEGIN
    SELECT * INTO held FROM carts WHERE id = cart FOR NO KEY UPDATE;
    closed := why_closed(held, caller);
    IF closed IS NOT NULL THEN
        RETURN json_build_object('code', closed);
    END IF;
    SELECT id INTO placed FROM orders WHERE cart_id = cart;
    FOR i IN 1 .. cardinality(line_ids) LOOP
        SELECT CASE WHEN p.status = 'ACTIVE' AND v.archived_at IS NULL THEN pr.amount END INTO price FROM cart_lines l
            JOIN variants v ON v.id = l.variant_id
            JOIN products p ON p.id = v.product_id
            LEFT JOIN prices pr ON pr.variant_id = v.id AND pr.currency = held.currency AND pr.channel = 'default'
            WHERE l.id = line_ids[i] AND l.cart_id = cart;
        IF NOT FOUND THEN
            RETURN json_build_object('code', 'LINE_NOT_FOUND', 'position', positions[i]);
        END IF;
        prices[i] := price;
        IF excess IS NULL AND price * quantities[i] > most_amount THEN
            excess := positions[i];
        END IF;
    END LOOP;
    IF excess IS NOT NULL THEN
        RETURN json_build_object('code', 'QUANTITY_INVALID', 'position', excess);
    END IF;
    FOR i IN 1 .. cardinality(line_ids) LOOP
        IF quantities[i] = 0 THEN
            DELETE FROM cart_lines WHERE id = line_ids[i];
        ELSE
            UPDATE cart_lines SET quantity = quantities[i], seen_amount = coalesce(prices[i], seen_amount) WHERE id = line_ids[i];
        END IF;
    END LOOP;
    UPDATE carts SET version = version + 1, updated_at = at WHERE id = cart RETURNING * INTO held;
    RETURN json_build_object('cart', cart_document(held, placed, false, country));
END $$;

CREATE OR REPLACE FUNCTION "update_cart"("cart" uuid, "caller" uuid, "sets" text[], "email" bytea, "shipping" bytea, "shipping_to" text, "billing" bytea,
    "delivery" text, "known_key" uuid, "key_id" uuid, "key_wrapped" bytea, "key_version" int, "at" timestamptz, "country" text) RETURNS json
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
    held carts;
    placed uuid;
    has data_keys;
    closed text;
    chosen text;
    goes_to text;
BEGIN
    SELECT * INTO held FROM carts WHERE id = cart FOR NO KEY UPDATE;
    closed := why_closed(held, caller);
    IF closed IS NOT NULL THEN
        RETURN json_build_object('code', closed);
    END IF;
    SELECT id INTO placed FROM orders WHERE cart_id = cart;
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
        IF NOT EXISTS (SELECT FROM delivery_options d JOIN delivery_rates r ON r.option_id = d.id AND r.currency = held.currency
            WHERE d.zone_id = (SELECT id FROM zone_of(coalesce(goes_to, country))) AND d.handle = chosen) THEN
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
