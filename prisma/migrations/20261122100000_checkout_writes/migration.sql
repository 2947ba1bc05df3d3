-- ------------------------------------------------------ an outcome at once

-- Undoes the statement that it is called in unless what that depends on holds: to whoever sent it, a race that was lost.
CREATE FUNCTION "or_race_is_lost"("holds" boolean) RETURNS boolean LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF holds IS NOT TRUE THEN
        RAISE EXCEPTION 'not as it was read' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN true;
END $$;

-- An order with its lines, events and payments, as JSON in minor units; null when there is none. Ciphertext is in it as \x and hexadecimal
-- digits. Volatile, so that it looks anew: a statement that has changed the order reads it as it is after that.
CREATE FUNCTION "read_order"("wanted" uuid) RETURNS json
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT row_to_json(whole) FROM (
        SELECT o.id AS "uuid", o.number::text, o.account_id AS "accountUuid", o.status, o.payment_status AS "paymentStatus", o.currency,
            o.email_cipher AS "emailCipher", o.shipping_cipher AS "shippingCipher", o.billing_cipher AS "billingCipher",
            o.delivery_handle AS "deliveryHandle", o.delivery_title AS "deliveryTitle", o.tax_included AS "taxIncluded", o.subtotal,
            o.discount, o.shipping, o.tax, o.total, o.placed_at AS "placedAt", k.id AS "keyId", k.wrapped,
            coalesce((SELECT json_agg(row_to_json(line)) FROM (
                SELECT l.id AS "uuid", l.variant_id AS "variantUuid", l.title, l.sku, l.quantity, l.unit_amount AS "unitAmount", l.total
                FROM order_lines l WHERE l.order_id = o.id ORDER BY l.position) line), '[]') AS "lines",
            coalesce((SELECT json_agg(row_to_json(event)) FROM (
                SELECT e.type, e.message, e.at FROM order_events e WHERE e.order_id = o.id ORDER BY e.id) event), '[]') AS "events",
            coalesce((SELECT json_agg(row_to_json(payment)) FROM (
                SELECT p.id AS "uuid", p.provider, p.currency, p.brand, p.last4, p.expiry_month AS "expiryMonth",
                    p.expiry_year AS "expiryYear", p.created_at AS "createdAt",
                    coalesce((SELECT json_agg(row_to_json(operation)) FROM (
                        SELECT op.id AS "uuid", op.kind, op.status, op.amount, op.reason, op.created_at AS "createdAt"
                        FROM payment_operations op WHERE op.payment_id = p.id ORDER BY op.created_at, op.id) operation), '[]') AS "operations"
                FROM payments p WHERE p.order_id = o.id ORDER BY p.created_at, p.id) payment), '[]') AS "payments"
        FROM orders o JOIN data_keys k ON k.id = o.data_key_id WHERE o.id = wanted) whole);
END $$;

-- ------------------------------------------------------ how much of a payment

-- As before, but where an operation and what came with it are written by one statement, the first of them finds the sums as they are then,
-- and the others leave the row alone.
CREATE OR REPLACE FUNCTION "payment_sums_follow"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM payments WHERE id = NEW.payment_id FOR NO KEY UPDATE;
    UPDATE payments SET authorized = sums.authorized, captured = sums.captured, voided = sums.voided, refunded = sums.refunded,
        capturing = sums.capturing, voiding = sums.voiding, refunding = sums.refunding
    FROM (
        SELECT coalesce(sum(amount) FILTER (WHERE kind = 'AUTHORIZE' AND done), 0) AS authorized,
            coalesce(sum(amount) FILTER (WHERE kind = 'CAPTURE' AND done), 0) AS captured,
            coalesce(sum(amount) FILTER (WHERE kind = 'VOID' AND done), 0) AS voided,
            coalesce(sum(amount) FILTER (WHERE kind = 'REFUND' AND done), 0) AS refunded,
            coalesce(sum(amount) FILTER (WHERE kind = 'CAPTURE' AND NOT done), 0) AS capturing,
            coalesce(sum(amount) FILTER (WHERE kind = 'VOID' AND NOT done), 0) AS voiding,
            coalesce(sum(amount) FILTER (WHERE kind = 'REFUND' AND NOT done), 0) AS refunding
        FROM (SELECT kind, amount, status = 'SUCCEEDED' AS done FROM payment_operations
            WHERE payment_id = NEW.payment_id AND status <> 'FAILED') counted
    ) sums
    WHERE id = NEW.payment_id AND (payments.authorized, payments.captured, payments.voided, payments.refunded, payments.capturing,
        payments.voiding, payments.refunding) <> (sums.authorized, sums.captured, sums.voided, sums.refunded, sums.capturing, sums.voiding,
        sums.refunding);
    RETURN NULL;
END $$;
