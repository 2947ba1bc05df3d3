import type { Db } from "../platform/database";
import type { KeyedRequest } from "./place-order";
import type { OrderRows } from "./place-order.rows";
import type { PricedCart } from "./priced-cart";

type Times = { now: Date; leaseUntil: Date; holdUntil: Date };
/** What the statement met: the cart as it was priced or not, the variants that are short, and the order's number if it was written. */
type Seen = { current: boolean; short: string[]; orderNumber: string | null };

/**
 * The order in one statement. Locks come first and in a fixed order (cart, then stock by variant): locked rows are read as they are
 * now, whatever committed while the statement waited for them. The cart's version is the guard for all that is read unlocked:
 * every writer of a cart, its order or its payment raises it. Nothing is written unless the key was claimed, and the
 * key is claimed only when cart and stock are as they must be.
 */
export async function writeOrder(
  db: Db,
  cart: PricedCart,
  rows: OrderRows,
  request: KeyedRequest,
  { now, leaseUntil, holdUntil }: Times,
): Promise<Seen> {
  const { totals, delivery } = cart;
  const [seen] = await db.$queryRaw<[Seen]>`
    WITH cart AS MATERIALIZED (
      SELECT id FROM carts
      WHERE id = ${cart.uuid}::uuid AND version = ${cart.version}::int AND state = 'ACTIVE'
        AND account_id IS NOT DISTINCT FROM ${cart.accountId}::uuid
        AND NOT EXISTS (SELECT FROM orders WHERE cart_id = carts.id AND status NOT IN ('PENDING', 'EXPIRED'))
      FOR NO KEY UPDATE
    ), line AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${rows.lines}::jsonb) AS line (
        id uuid, reservation_id uuid, movement_id uuid, position int, variant_id uuid, title text, sku text, quantity int,
        unit_amount bigint, total bigint)
    ), wanted AS MATERIALIZED (
      SELECT variant_id, sum(quantity)::int AS quantity FROM line GROUP BY variant_id
    ), stock AS MATERIALIZED (
      SELECT variant_id, NOT tracked OR oversell AS endless, on_hand - reserved AS sellable FROM stocks
      WHERE variant_id = ANY (${rows.variantUuids}::uuid[]) AND location = 'default' AND EXISTS (SELECT FROM cart)
      ORDER BY variant_id FOR NO KEY UPDATE
    ), short AS MATERIALIZED (
      SELECT wanted.variant_id FROM wanted LEFT JOIN stock USING (variant_id)
      WHERE EXISTS (SELECT FROM cart) AND (endless OR sellable >= wanted.quantity) IS NOT TRUE
    ), claim AS (
      INSERT INTO idempotency_records (actor, key, operation, input_hash, state, lease_until, outcome, created_at)
      SELECT ${request.actor}::uuid, ${request.key}, 'checkout', ${request.inputHash}::bytea, 'RUNNING', ${leaseUntil}::timestamptz,
        jsonb_build_object('operationId', ${rows.operationUuid}::text), ${now}::timestamptz
      WHERE EXISTS (SELECT FROM cart) AND NOT EXISTS (SELECT FROM short)
      ON CONFLICT (actor, key) DO NOTHING RETURNING key
    ), frozen AS (
      UPDATE carts SET version = version + 1 WHERE id = ${cart.uuid}::uuid AND EXISTS (SELECT FROM claim)
    ), taken AS (
      UPDATE stocks SET reserved = reserved + wanted.quantity FROM wanted
      WHERE stocks.variant_id = wanted.variant_id AND location = 'default' AND EXISTS (SELECT FROM claim)
    ), written AS (
      INSERT INTO orders (id, cart_id, account_id, data_key_id, currency, status, payment_status, email_cipher, email_index,
        shipping_cipher, billing_cipher, shipping_country, delivery_handle, delivery_title, rounding_policy, tax_included,
        subtotal, discount, shipping, tax, total, placed_at, updated_at)
      SELECT ${rows.orderUuid}::uuid, ${cart.uuid}::uuid, ${cart.accountId}::uuid, ${rows.dataKeyUuid}::uuid, ${cart.currency},
        'PENDING', 'PROCESSING', ${rows.emailCipher}::bytea, ${rows.emailIndex}::bytea, ${rows.shippingCipher}::bytea,
        ${rows.billingCipher}::bytea, ${cart.shippingCountry}, ${delivery?.handle ?? null}, ${delivery?.title ?? null},
        ${cart.roundingPolicy}, ${totals.taxIncluded}, ${totals.subtotal}::bigint, ${totals.discount}::bigint,
        ${totals.shipping}::bigint, ${totals.tax}::bigint, ${totals.total}::bigint, ${now}::timestamptz, ${now}::timestamptz
      FROM claim
      ON CONFLICT (cart_id) DO UPDATE SET account_id = excluded.account_id, data_key_id = excluded.data_key_id,
        currency = excluded.currency, status = excluded.status, payment_status = excluded.payment_status,
        email_cipher = excluded.email_cipher, email_index = excluded.email_index, shipping_cipher = excluded.shipping_cipher,
        billing_cipher = excluded.billing_cipher, shipping_country = excluded.shipping_country,
        delivery_handle = excluded.delivery_handle, delivery_title = excluded.delivery_title,
        rounding_policy = excluded.rounding_policy, tax_included = excluded.tax_included, subtotal = excluded.subtotal,
        discount = excluded.discount, shipping = excluded.shipping, tax = excluded.tax, total = excluded.total,
        placed_at = excluded.placed_at, updated_at = excluded.updated_at
      RETURNING id, number
    ), no_old_adjustments AS (
      DELETE FROM adjustments WHERE order_id = ${rows.orderUuid}::uuid AND EXISTS (SELECT FROM claim)
    ), no_old_lines AS (
      DELETE FROM order_lines WHERE order_id = ${rows.orderUuid}::uuid AND EXISTS (SELECT FROM claim)
    ), lines AS (
      INSERT INTO order_lines (id, order_id, position, variant_id, title, sku, quantity, unit_amount, total)
      SELECT line.id, written.id, position, variant_id, title, sku, quantity, unit_amount, total FROM line, written
    ), adjusted AS (
      INSERT INTO adjustments (id, order_id, order_line_id, kind, source, label, rate, base, amount, included)
      SELECT a.id, written.id, order_line_id, kind::adjustment_kind, source, label, rate, base, amount, included
      FROM written, jsonb_to_recordset(${rows.adjustments}::jsonb) AS a (
        id uuid, order_line_id uuid, kind text, source text, label text, rate int, base bigint, amount bigint, included boolean)
    ), held AS (
      INSERT INTO reservations (id, order_id, variant_id, quantity, state, expires_at, created_at)
      SELECT reservation_id, written.id, variant_id, quantity, 'HELD', ${holdUntil}::timestamptz, ${now}::timestamptz
      FROM line, written
    ), moved AS (
      INSERT INTO stock_movements (id, variant_id, kind, reserved_delta, order_id, created_at)
      SELECT movement_id, variant_id, 'RESERVE', quantity, written.id, ${now}::timestamptz FROM line, written
    ), paying AS (
      INSERT INTO payments (id, order_id, provider, amount, currency, token_cipher, save_method, created_at)
      SELECT ${rows.paymentUuid}::uuid, id, ${rows.provider}, ${totals.total}::bigint, ${cart.currency},
        ${rows.tokenCipher}::bytea, ${rows.save}, ${now}::timestamptz
      FROM written
    ), authorizing AS (
      INSERT INTO payment_operations (id, payment_id, order_id, provider, kind, status, amount, currency, idempotency_key,
        lease_until, created_at, updated_at)
      SELECT ${rows.operationUuid}::uuid, ${rows.paymentUuid}::uuid, id, ${rows.provider}, 'AUTHORIZE', 'PENDING',
        ${totals.total}::bigint, ${cart.currency}, ${rows.providerKey}, ${leaseUntil}::timestamptz, ${now}::timestamptz,
        ${now}::timestamptz
      FROM written
    ), history AS (
      INSERT INTO order_events (id, order_id, type, message, at)
      SELECT ${rows.orderEventUuid}::uuid, id, 'order.placed', 'Order placed; payment under way', ${now}::timestamptz FROM written
    ), feed AS (
      INSERT INTO outbox_events (id, type, subject_type, subject_id, data, created_at)
      SELECT ${rows.outboxUuid}::uuid, 'order.placed', 'order', id,
        jsonb_build_object('paymentId', ${rows.paymentUuid}::text), ${now}::timestamptz
      FROM written
    )
    SELECT EXISTS (SELECT FROM cart) AS current, ARRAY(SELECT variant_id::text FROM short) AS short,
      (SELECT number::text FROM written) AS "orderNumber"`;
  return seen;
}
