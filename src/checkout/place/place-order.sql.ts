import { Prisma } from "../../generated/prisma/client";
import type { Db } from "../../platform/database";
import { orderParts, orderRow } from "./place-order.order.sql";
import { paymentRows } from "./place-order.payment.sql";
import type { Placing } from "./placing";

/** What the statement met: the cart as it was priced or not, the variants that are short, and the order's number if it was written. */
type Seen = { current: boolean; short: string[]; orderNumber: string | null };

/**
 * The order in one statement: all of it or nothing. Locks come first and in a fixed order (cart, then stock by variant); locked rows
 * are read as they are now, whatever committed while the statement waited. The cart's version guards all that is read unlocked: every
 * writer of a cart, its order or its payment raises it. The key is claimed only when cart and stock are as they must be, and
 * nothing is written unless it was.
 */
export async function writeOrder(db: Db, placing: Placing): Promise<Seen> {
  const [seen] = await db.$queryRaw<[Seen]>`
    WITH ${locked(placing)}, ${claimed(placing)}, ${reserved(placing)}, ${orderRow(placing)}, ${orderParts(placing)},
      ${paymentRows(placing)}
    SELECT EXISTS (SELECT FROM cart) AS current, ARRAY(SELECT variant_id::text FROM short) AS short,
      (SELECT number::text FROM written) AS "orderNumber"`;
  return seen;
}

/** `cart`: there while it is as it was priced. `line`: what is ordered. `short`: variants there is too little of. */
const locked = ({ cart, rows }: Placing) => Prisma.sql`
  cart AS MATERIALIZED (
    SELECT id FROM carts
    WHERE id = ${cart.uuid}::uuid AND version = ${cart.version}::int AND state::text = 'ACTIVE'
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
  )`;

/** `claim`: there when the request's key is this attempt's. */
const claimed = ({ request, rows, now, leaseUntil }: Placing) => Prisma.sql`
  claim AS (
    INSERT INTO idempotency_records (actor, key, operation, input_hash, state, lease_until, outcome, created_at)
    SELECT ${request.actor}::uuid, ${request.key}, 'checkout', ${request.inputHash}::bytea, 'RUNNING', ${leaseUntil}::timestamptz,
      jsonb_build_object('operationId', ${rows.operationUuid}::text), ${now}::timestamptz
    WHERE EXISTS (SELECT FROM cart) AND NOT EXISTS (SELECT FROM short)
    ON CONFLICT (actor, key) DO NOTHING RETURNING key
  )`;

/** The cart's new version tells every other checkout that was priced before; the stock is set aside. */
const reserved = ({ cart }: Placing) => Prisma.sql`
  frozen AS (
    UPDATE carts SET version = version + 1 WHERE id = ${cart.uuid}::uuid AND EXISTS (SELECT FROM claim)
  ), taken AS (
    UPDATE stocks SET reserved = reserved + wanted.quantity FROM wanted
    WHERE stocks.variant_id = wanted.variant_id AND location = 'default' AND EXISTS (SELECT FROM claim)
  )`;
