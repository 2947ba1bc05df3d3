/** Payments and operations of each order's story. What an operation is worth is kept by what it earns: goods, delivery, tax. */
export const PAYMENTS = `
CREATE TEMP TABLE op AS SELECT fate.id AS order_id, fate.at, fate.currency, step.*, attempt < max(attempt) OVER (PARTITION BY fate.id) AS surplus,
    (goods * part)::bigint AS goods, (delivery * part)::bigint AS delivery, (tax * part)::bigint AS tax, goods AS all_goods,
    delivery AS all_delivery, tax AS all_tax, uuidv7(at - now()) AS id
  FROM fate JOIN (
    SELECT id, subtotal - discount - CASE WHEN included THEN total.tax - shipping_tax ELSE 0 END AS goods,
      shipping - CASE WHEN included THEN shipping_tax ELSE 0 END AS delivery, total.tax
    FROM total JOIN fate USING (id)) earning USING (id) JOIN step USING (name);
UPDATE op SET goods = all_goods - goods, delivery = all_delivery - delivery, tax = all_tax - tax WHERE rest;
ALTER TABLE op ADD amount bigint, ADD payment_id uuid, ADD key text, ADD reference text;
UPDATE op SET amount = goods + delivery + tax;
CREATE TEMP TABLE attempt AS SELECT order_id, attempt, uuidv7(min(at) - now()) AS payment_id FROM op GROUP BY order_id, attempt;
CREATE INDEX ON op (order_id, seq);
ANALYZE op, attempt;
UPDATE op SET payment_id = attempt.payment_id FROM attempt WHERE attempt.order_id = op.order_id AND attempt.attempt = op.attempt;
UPDATE op SET key = 'payop_' || replace(coalesce(led.id, op.id)::text, '-', '') || op.suffix,
    reference = 'sandbox_' || coalesce(led.id, op.id)
  FROM op own LEFT JOIN op led ON led.order_id = own.order_id AND led.seq = own.follows
  WHERE op.order_id = own.order_id AND op.seq = own.seq;
INSERT INTO payments (id, order_id, provider, amount, currency, token_cipher, surplus, capture, brand, last4, created_at, authorized,
    captured, voided, refunded, capturing, voiding, refunding)
  SELECT payment_id, order_id, 'sandbox', max(amount) FILTER (WHERE kind = 'AUTHORIZE'), currency, '', bool_or(surplus),
    bool_or(suffix = ':capture'), 'visa', '4242', min(at),
    coalesce(sum(amount) FILTER (WHERE kind = 'AUTHORIZE' AND status = 'SUCCEEDED'), 0),
    coalesce(sum(amount) FILTER (WHERE kind = 'CAPTURE' AND status = 'SUCCEEDED'), 0),
    coalesce(sum(amount) FILTER (WHERE kind = 'VOID' AND status = 'SUCCEEDED'), 0),
    coalesce(sum(amount) FILTER (WHERE kind = 'REFUND' AND status = 'SUCCEEDED'), 0),
    coalesce(sum(amount) FILTER (WHERE kind = 'CAPTURE' AND status = 'PENDING'), 0), 0, 0
  FROM op GROUP BY payment_id, order_id, currency;
INSERT INTO payment_operations (id, payment_id, order_id, provider, kind, status, amount, currency, provider_reference, idempotency_key,
    reason, restock, lease_until, created_at, updated_at)
  SELECT id, payment_id, order_id, 'sandbox', kind::payment_operation_kind, status::payment_operation_status, amount, currency,
    CASE WHEN status = 'SUCCEEDED' THEN reference END, key, reason, restock, now() + interval '30 seconds', at + (seq - 1) * interval '1 ms',
    at + (seq - 1) * interval '1 ms'
  FROM op`;

/** What the sandbox provider did for them, and what it told. */
export const SANDBOX = `
INSERT INTO sandbox.movements (key, kind, asked, reference, intent, amount, currency, state, reason, token, capture, created_at, decided_at)
  SELECT DISTINCT ON (split_part(op.key, ':', 1), op.kind) split_part(op.key, ':', 1), op.kind, op.suffix IN ('', ':late'), op.reference,
    coalesce(authorized.reference, op.reference), op.amount, op.currency,
    CASE op.status WHEN 'UNKNOWN' THEN 'PENDING' ELSE op.status END, CASE WHEN op.status = 'FAILED' THEN 'declined' END, 'sandbox:success',
    false, op.at, CASE WHEN op.status IN ('SUCCEEDED', 'FAILED') THEN op.at END
  FROM op LEFT JOIN op authorized ON authorized.order_id = op.order_id AND authorized.attempt = op.attempt
    AND authorized.kind = 'AUTHORIZE' AND authorized.status = 'SUCCEEDED' AND op.kind <> 'AUTHORIZE'
  ORDER BY split_part(op.key, ':', 1), op.kind, op.status DESC;
INSERT INTO provider_events (id, provider, event_id, type, told, state, operation_id, received_at, processed_at)
  SELECT uuidv7(at - now()), 'sandbox', 'evt_' || id, lower(kind), jsonb_build_object('key', key, 'kind', kind, 'outcome',
    jsonb_build_object('status', status, 'reference', reference, 'amount', amount::text)), 'PROCESSED', id, at, at
  FROM op WHERE status = 'SUCCEEDED' AND suffix = ''`;
