import { Prisma } from "../../generated/prisma/client";
import { orderHistory } from "../../orders";
import { isFirst, type Placing } from "./placing";

/** `written`: the order, once the key is claimed; a cart that was declined before keeps its order and number. */
export const orderRow = ({ cart, rows, now }: Placing) => Prisma.sql`
  written AS (
    INSERT INTO orders (id, cart_id, account_id, data_key_id, currency, status, payment_status, email_cipher, email_index,
      shipping_cipher, billing_cipher, shipping_country, delivery_handle, delivery_title, rounding_policy, tax_included,
      subtotal, discount, shipping, tax, total, placed_at, updated_at)
    SELECT ${rows.orderUuid}::uuid, ${cart.uuid}::uuid, ${cart.accountId}::uuid, ${rows.dataKeyUuid}::uuid, ${cart.currency},
      'PENDING', 'PROCESSING', ${rows.emailCipher}::bytea, ${rows.emailIndex}::bytea, ${rows.shippingCipher}::bytea,
      ${rows.billingCipher}::bytea, ${cart.shippingCountry}, ${cart.delivery?.handle ?? null},
      ${cart.delivery?.title ?? null}, ${cart.roundingPolicy}, ${cart.totals.taxIncluded}, ${cart.totals.subtotal}::bigint,
      ${cart.totals.discount}::bigint, ${cart.totals.shipping}::bigint, ${cart.totals.tax}::bigint,
      ${cart.totals.total}::bigint, ${now}::timestamptz, ${now}::timestamptz
    FROM claim
    ${isFirst(cart) ? Prisma.empty : REPLACING}
    RETURNING id, number
  )`;

const REPLACING = Prisma.sql`
    ON CONFLICT (cart_id) DO UPDATE SET account_id = excluded.account_id, data_key_id = excluded.data_key_id,
      currency = excluded.currency, status = excluded.status, payment_status = excluded.payment_status,
      email_cipher = excluded.email_cipher, email_index = excluded.email_index, shipping_cipher = excluded.shipping_cipher,
      billing_cipher = excluded.billing_cipher, shipping_country = excluded.shipping_country,
      delivery_handle = excluded.delivery_handle, delivery_title = excluded.delivery_title,
      rounding_policy = excluded.rounding_policy, tax_included = excluded.tax_included, subtotal = excluded.subtotal,
      discount = excluded.discount, shipping = excluded.shipping, tax = excluded.tax, total = excluded.total,
      placed_at = excluded.placed_at, updated_at = excluded.updated_at`;

/** What belongs to the order, in the place of what an earlier attempt left: lines, how the totals came about, reservations, history. */
export function orderParts({ cart, rows, now, holdUntil }: Placing): Prisma.Sql {
  const { type, message } = orderHistory[isFirst(cart) ? "place" : "retry"];
  return Prisma.sql`
  ${isFirst(cart) ? Prisma.empty : withoutOld(rows)} lines AS (
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
  ), history AS (
    INSERT INTO order_events (id, order_id, type, message, at)
    SELECT ${rows.orderEventUuid}::uuid, id, ${type}, ${message}, ${now}::timestamptz FROM written
  ), feed AS (
    INSERT INTO outbox_events (id, type, subject_type, subject_id, data, created_at)
    SELECT ${rows.outboxUuid}::uuid, ${type}, 'order', id,
      jsonb_build_object('paymentId', ${rows.paymentUuid}::text), ${now}::timestamptz
    FROM written
  )`;
}

const withoutOld = ({ orderUuid }: Placing["rows"]) => Prisma.sql`
  no_old_adjustments AS (
    DELETE FROM adjustments WHERE order_id = ${orderUuid}::uuid AND EXISTS (SELECT FROM claim)
  ), no_old_lines AS (
    DELETE FROM order_lines WHERE order_id = ${orderUuid}::uuid AND EXISTS (SELECT FROM claim)
  ),`;
