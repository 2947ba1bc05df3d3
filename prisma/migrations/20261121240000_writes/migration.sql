-- ------------------------------------------------------------ reading a cart

-- Where goods for a country are delivered and taxed: the zone that names it, else one that takes all that no other names. By a function that
-- PostgreSQL puts in the place of its call: every cart that is read asks for one.
CREATE FUNCTION "zone_of"("country" text) RETURNS SETOF "delivery_zones" LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT z.* FROM delivery_zones z
    WHERE cardinality(z.countries) = 0 OR "zone_of"."country" = ANY (z.countries)
    ORDER BY cardinality(z.countries) = 0, z.position, z.id
    LIMIT 1;
END;

-- A cart with all that its price depends on, as JSON; null when there is none. Ciphertext is in it as \x and hexadecimal digits. "country" is
-- where a cart without an address is taken to go. Volatile, so that it looks anew: a statement that has changed the cart reads it as it is
-- after that, and answers its client in the same round trip.
CREATE FUNCTION "read_cart"("cart" uuid, "country" text) RETURNS json
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT row_to_json(whole) FROM (
        SELECT c.id AS "uuid", c.account_id AS "accountId", c.currency, c.state, c.version, c.email_cipher AS "emailCipher",
            c.shipping_cipher AS "shippingCipher", c.billing_cipher AS "billingCipher", c.shipping_country AS "shippingCountry",
            c.delivery_handle AS "deliveryHandle", c.updated_at AS "updatedAt", k.id AS "keyId", k.wrapped AS "keyWrapped",
            a.email_cipher AS "accountEmailCipher", ak.id AS "accountKeyId", ak.wrapped AS "accountKeyWrapped", o.id AS "orderUuid",
            EXISTS (SELECT FROM payment_operations op WHERE op.order_id = o.id AND op.kind = 'AUTHORIZE'
                AND op.status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN')) AS "frozen",
            coalesce((SELECT json_agg(row_to_json(line)) FROM (
                SELECT l.id AS "uuid", l.variant_id AS "variantUuid", l.quantity, l.seen_amount AS "seenAmount",
                    CASE WHEN c.state = 'ORDERED'
                        THEN (SELECT ol.unit_amount FROM order_lines ol WHERE ol.order_id = o.id AND ol.variant_id = l.variant_id LIMIT 1)
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
                    coalesce((SELECT json_agg(row_to_json(option)) FROM (
                        SELECT d.handle, d.title, r.amount, r.free_above AS "freeAbove"
                        FROM delivery_options d JOIN delivery_rates r ON r.option_id = d.id AND r.currency = c.currency
                        WHERE d.zone_id = z.id ORDER BY d.position, d.id) option), '[]') AS "options"
                FROM zone_of(coalesce(c.shipping_country::text, country)) z) zone) AS "zone",
            CASE WHEN c.state = 'ORDERED' THEN json_build_object('subtotal', o.subtotal, 'discount', o.discount, 'shipping', o.shipping,
                'tax', o.tax, 'taxIncluded', o.tax_included, 'total', o.total) END AS "ordered"
        FROM carts c
        LEFT JOIN data_keys k ON k.id = c.data_key_id
        LEFT JOIN accounts a ON a.id = c.account_id
        LEFT JOIN data_keys ak ON ak.id = a.data_key_id
        LEFT JOIN orders o ON o.cart_id = c.id
        WHERE c.id = cart) whole);
END $$;

-- The country, too: a delivery is looked up by it without having read the cart before.
DROP FUNCTION "lock_cart"(uuid);
CREATE FUNCTION "lock_cart"("cart" uuid)
    RETURNS TABLE ("id" uuid, "account_id" uuid, "data_key_id" uuid, "currency" text, "state" "cart_state", "country" text,
        "frozen" boolean, "lines" jsonb)
    LANGUAGE plpgsql VOLATILE ROWS 1 SET search_path = public, pg_temp AS $$
DECLARE
    held carts;
BEGIN
    SELECT * INTO held FROM carts c WHERE c.id = cart FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT held.id, held.account_id, held.data_key_id, held.currency::text, held.state, held.shipping_country::text,
        EXISTS (SELECT FROM orders o JOIN payment_operations p ON p.order_id = o.id
            WHERE o.cart_id = cart AND p.kind = 'AUTHORIZE' AND p.status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN')),
        coalesce((SELECT jsonb_agg(jsonb_build_object('id', l.id, 'variant', l.variant_id, 'quantity', l.quantity))
            FROM cart_lines l WHERE l.cart_id = cart), '[]');
END $$;
