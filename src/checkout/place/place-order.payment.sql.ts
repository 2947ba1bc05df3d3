import { Prisma } from "../../generated/prisma/client";
import { isFirst, type Placing } from "./placing";

/**
 * The attempt to pay, with the key that the provider will be asked with: there before it is. Earlier ones whose money went back, or is on
 * its way, are surplus from here on: the order's payment status is this one's.
 */
export const paymentRows = ({ cart, rows, now, leaseUntil }: Placing) => Prisma.sql`
  ${isFirst(cart) ? Prisma.empty : SET_ASIDE} paying AS (
    INSERT INTO payments (id, order_id, provider, amount, currency, token_cipher, return_url_cipher, save_method, capture,
      created_at)
    SELECT ${rows.paymentUuid}::uuid, id, ${rows.provider}, ${cart.totals.total}::bigint, ${cart.currency},
      ${rows.tokenCipher}::bytea, ${rows.returnUrlCipher}::bytea, ${rows.save}, ${rows.capture}, ${now}::timestamptz
    FROM written
  ), authorizing AS (
    INSERT INTO payment_operations (id, payment_id, order_id, provider, kind, status, amount, currency, idempotency_key,
      lease_until, created_at, updated_at)
    SELECT ${rows.operationUuid}::uuid, ${rows.paymentUuid}::uuid, id, ${rows.provider}, 'AUTHORIZE', 'PENDING',
      ${cart.totals.total}::bigint, ${cart.currency}, ${rows.providerKey}, ${leaseUntil}::timestamptz, ${now}::timestamptz,
      ${now}::timestamptz
    FROM written
  )`;

const SET_ASIDE = Prisma.sql`
  set_aside AS (
    UPDATE payments SET surplus = true FROM written WHERE payments.order_id = written.id AND NOT surplus
      AND EXISTS (SELECT FROM payment_operations op
        WHERE op.payment_id = payments.id AND op.kind = 'AUTHORIZE' AND op.status = 'SUCCEEDED')
  ),`;
