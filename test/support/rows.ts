import { randomUUID } from "node:crypto";
import type pg from "pg";

// Rows written with plain SQL, for tests of what the database itself holds to; they know nothing of the shop's code.

/** A product with one variant for each stock level given. */
export async function aProductRow(sql: pg.Client, levels: number[] = [10]) {
  const product = randomUUID();
  await sql.query(
    `INSERT INTO products (id, handle, title, created_at, updated_at) VALUES ($1, $2, 'Tea', now(), now())`,
    [product, `tea-${product}`],
  );
  const variants = levels.map(() => randomUUID());
  for (const [position, variant] of variants.entries()) {
    await sql.query(
      `INSERT INTO variants (id, product_id, position, title, option_values, created_at, updated_at)
       VALUES ($1, $2, $3, 'Tea', '{}', now(), now())`,
      [variant, product, position],
    );
    await sql.query("INSERT INTO stocks (variant_id, on_hand) VALUES ($1, $2)", [variant, levels[position]]);
  }
  return { product, variants };
}

/** An order over 10.00 EUR without lines, and its payment. */
export async function anOrderRow(sql: pg.Client) {
  const [key, cart, order, payment] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await sql.query("INSERT INTO data_keys (id, kek_version, created_at) VALUES ($1, 1, now())", [key]);
  await sql.query(
    "INSERT INTO carts (id, currency, created_at, updated_at) VALUES ($1, 'EUR', now(), now())",
    [cart],
  );
  const { rows } = await sql.query<{ number: string }>(
    `INSERT INTO orders (id, cart_id, data_key_id, currency, status, payment_status, rounding_policy, tax_included,
       subtotal, discount, shipping, tax, total, placed_at, updated_at)
     VALUES ($1, $2, $3, 'EUR', 'PENDING', 'UNPAID', 'test', true, 1000, 0, 0, 160, 1000, now(), now()) RETURNING number`,
    [order, cart, key],
  );
  await sql.query(
    `INSERT INTO payments (id, order_id, provider, amount, currency, token_cipher, created_at)
     VALUES ($1, $2, 'sandbox', 1000, 'EUR', '', now())`,
    [payment, order],
  );
  return { order, payment, number: Number(rows[0]?.number) };
}

export async function anOperationRow(
  sql: pg.Client,
  of: { order: string; payment: string },
  status = "PENDING",
) {
  const operation = randomUUID();
  await sql.query(
    `INSERT INTO payment_operations (id, payment_id, order_id, provider, kind, status, amount, currency, idempotency_key,
       lease_until, created_at, updated_at)
     VALUES ($1, $2, $3, 'sandbox', 'AUTHORIZE', $4, 1000, 'EUR', $5, now(), now(), now())`,
    [operation, of.payment, of.order, status, operation],
  );
  return operation;
}

/** Posts to the books in one transaction of its own: amounts by account. */
export async function post(
  sql: pg.Client,
  of: { order: string; operation: string },
  entries: Record<string, number>,
) {
  const transaction = randomUUID();
  await sql.query("BEGIN");
  await sql.query(
    "INSERT INTO ledger_transactions (id, operation_id, order_id, created_at) VALUES ($1, $2, $3, now())",
    [transaction, of.operation, of.order],
  );
  const [accounts, amounts] = [Object.keys(entries), Object.values(entries)];
  await sql.query(
    "INSERT INTO ledger_accounts (type, currency) SELECT unnest($1::ledger_account_type[]), 'EUR' ON CONFLICT DO NOTHING",
    [accounts],
  );
  await sql.query(
    `INSERT INTO ledger_entries (id, transaction_id, account_type, currency, amount)
     SELECT gen_random_uuid(), $1, account, 'EUR', amount FROM unnest($2::ledger_account_type[], $3::bigint[]) AS entry (account, amount)`,
    [transaction, accounts, amounts],
  );
  await sql.query("COMMIT");
  return transaction;
}
