-- ------------------------------------------------------------ opening the books

-- Locks an order until the transaction ends, its cart first, as everybody does who writes to either; then reads all that has happened to its
-- money, as JSON in minor units; null when there is no such order. Volatile: what waited for the lock reads what there is then.
CREATE FUNCTION "open_books"("wanted" uuid) RETURNS json
    LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM carts WHERE id = (SELECT cart_id FROM orders WHERE id = wanted) FOR NO KEY UPDATE;
    PERFORM FROM orders WHERE id = wanted FOR NO KEY UPDATE;
    RETURN (SELECT row_to_json(books) FROM (
        SELECT o.id AS "orderUuid", o.status, o.currency, o.subtotal, o.discount, o.shipping, o.tax, o.total,
            o.tax_included AS "taxIncluded", o.payment_status AS "paymentStatus", c.state AS "cart",
            EXISTS (SELECT FROM reservations r WHERE r.order_id = o.id AND r.state = 'HELD') AS "held",
            coalesce((SELECT sum(a.amount) FROM adjustments a
                WHERE a.order_id = o.id AND a.kind = 'TAX' AND a.order_line_id IS NULL), 0)::bigint AS "shippingTax",
            coalesce((SELECT json_agg(row_to_json(operation)) FROM (
                SELECT op.id AS "uuid", op.payment_id AS "paymentUuid", p.surplus, op.kind, op.status, op.amount, op.currency,
                    op.idempotency_key AS "key", op.restock, op.created_at AS "createdAt",
                    p.amount = o.total AND p.currency = o.currency AS "fits",
                    p.save_method AND o.account_id IS NOT NULL AS "saves"
                FROM payment_operations op JOIN payments p ON p.id = op.payment_id
                WHERE op.order_id = o.id ORDER BY op.created_at, op.id) operation), '[]') AS "operations",
            coalesce((SELECT json_agg(row_to_json(posting)) FROM (
                SELECT op.kind, e.account_type AS "account", e.currency, sum(e.amount)::bigint AS "amount"
                FROM ledger_transactions t
                JOIN payment_operations op ON op.id = t.operation_id
                JOIN ledger_entries e ON e.transaction_id = t.id
                WHERE t.order_id = o.id GROUP BY op.kind, e.account_type, e.currency) posting), '[]') AS "posted"
        FROM orders o JOIN carts c ON c.id = o.cart_id WHERE o.id = wanted) books);
END $$;

-- ------------------------------------------------------------ keeping the books

-- Debits and credits meet in every statement that enters any: what is entered balances by itself, so whatever it is added to stays balanced.
-- Looked at once for a statement instead of once for each row.
CREATE FUNCTION "ledger_entries_must_balance"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    posting uuid;
BEGIN
    SELECT transaction_id INTO posting FROM entered GROUP BY transaction_id, currency HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', posting USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER "ledger_entries_balance" ON "ledger_entries";
CREATE TRIGGER "ledger_entries_balance" AFTER INSERT ON "ledger_entries" REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION "ledger_entries_must_balance"();

-- A transaction has entries when the business transaction commits.
CREATE OR REPLACE FUNCTION "ledger_must_balance"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_entries WHERE transaction_id = NEW.id) THEN
        RAISE EXCEPTION 'ledger transaction % has no entries', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION "ledger_must_balance"() RENAME TO "ledger_transaction_must_have_entries";
ALTER TRIGGER "ledger_transactions_balance" ON "ledger_transactions" RENAME TO "ledger_transactions_entries";

-- ------------------------------------------------------ the sandbox's old events

-- What was brought, or given up, is forgotten some day, the oldest first.
CREATE INDEX "events_done_idx" ON "sandbox"."events"("created_at") WHERE "due_at" IS NULL;
