/** The ledger's transaction of each operation that succeeded. */
export const LEDGER = `
INSERT INTO ledger_accounts (type, currency)
  SELECT type, currency FROM unnest(enum_range(NULL::ledger_account_type)) type, unnest(ARRAY['EUR', 'USD']) currency;
ALTER TABLE op ADD transaction_id uuid;
UPDATE op SET transaction_id = uuidv7(at - now()) WHERE status = 'SUCCEEDED';
INSERT INTO ledger_transactions (id, operation_id, order_id, created_at)
  SELECT transaction_id, id, order_id, at + (seq - 1) * interval '1 ms' FROM op WHERE status = 'SUCCEEDED' ORDER BY transaction_id;
INSERT INTO ledger_entries (id, transaction_id, account_type, currency, amount)
  SELECT uuidv7(at - now()), transaction_id, entry.account::ledger_account_type, currency, entry.amount
  FROM op CROSS JOIN LATERAL (SELECT CASE kind WHEN 'CAPTURE' THEN -1 WHEN 'REFUND' THEN 1 ELSE 0 END AS sign) side
  CROSS JOIN LATERAL (VALUES
    ('AUTHORIZED', CASE kind WHEN 'AUTHORIZE' THEN amount WHEN 'REFUND' THEN 0 ELSE -amount END),
    ('AUTHORIZED_CONTRA', CASE kind WHEN 'AUTHORIZE' THEN -amount WHEN 'REFUND' THEN 0 ELSE amount END),
    ('PROVIDER_CLEARING', CASE kind WHEN 'CAPTURE' THEN amount WHEN 'REFUND' THEN -amount ELSE 0 END),
    ('SALES', CASE WHEN surplus THEN 0 ELSE goods * sign END), ('SHIPPING_INCOME', CASE WHEN surplus THEN 0 ELSE delivery * sign END),
    ('TAX_PAYABLE', CASE WHEN surplus THEN 0 ELSE tax * sign END), ('CUSTOMER_CREDIT', CASE WHEN surplus THEN amount * sign ELSE 0 END)
  ) entry (account, amount)
  WHERE status = 'SUCCEEDED' AND entry.amount <> 0 ORDER BY transaction_id`;

/** History, the feed, and what was kept under the requests' keys. */
export const TRACES = `
CREATE TEMP TABLE happened AS
  SELECT id AS order_id, at, 'order.placed' AS type FROM fate UNION ALL SELECT id, at, 'order.opened' FROM fate WHERE opened
  UNION ALL SELECT id, at, 'order.' || lower(status) FROM fate WHERE status IN ('CANCELLED', 'EXPIRED', 'COMPLETED');
INSERT INTO order_events (id, order_id, type, message, at) SELECT uuidv7(at - now()), order_id, type, type, at FROM happened;
INSERT INTO outbox_events (id, type, subject_type, subject_id, created_at)
  SELECT uuidv7(at - now()), type, 'order', order_id, at FROM happened
  UNION ALL SELECT uuidv7(at - now()), 'payment.' || lower(kind), 'payment', payment_id, at FROM op;
INSERT INTO idempotency_records (actor, key, operation, input_hash, state, lease_until, outcome, created_at)
  SELECT cart, op.id::text, 'checkout', '', CASE WHEN op.status = 'PENDING' THEN 'RUNNING' ELSE 'DONE' END::idempotency_state,
    CASE WHEN op.status = 'PENDING' THEN now() + interval '30 seconds' END, jsonb_build_object('operationId', op.id), fate.at
  FROM op JOIN fate ON fate.id = op.order_id WHERE kind = 'AUTHORIZE' AND suffix = ''`;
