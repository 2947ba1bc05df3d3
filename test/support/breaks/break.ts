/** The invariant that must notice, and the statements that break it. */
export type Break = [invariant: string, ...statements: string[]];

/** One more operation of the paid order. */
export const anOperation = (kind: string, status: string, amount: string, more = "op.currency, now()") => `
  INSERT INTO payment_operations (id, payment_id, order_id, provider, kind, status, amount, idempotency_key, currency, lease_until,
    created_at, updated_at)
  SELECT gen_random_uuid(), payment_id, order_id, 'elsewhere', '${kind}', '${status}', ${amount}, gen_random_uuid(), ${more}, now(), now()
  FROM payment_operations op WHERE kind = 'CAPTURE'`;

/** Switches off what guards a table's rows. */
export const unlock = (table: string) => `ALTER TABLE ${table} DISABLE TRIGGER USER`;
