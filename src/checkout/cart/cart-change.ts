import { Prisma } from "../../generated/prisma/client";
import { type CartErrorCode, refuseCart } from "./cart.refusals";
import { MOST_LINES } from "./cart-limits";

/** What a change met: the refusal that stopped it and the index in the input that it is about, or nulls when it was written. */
export type Verdict = { code: CartErrorCode | null; position: number | null };

/**
 * SQL for the front of every change of a cart: `cart` is locked and read anew (see the function lock_cart), `has` its lines. Who
 * changes a cart holds its lock from here on, so what is checked stays true until it is written.
 */
export const lockedCart = (uuid: string) => Prisma.sql`
  cart AS MATERIALIZED (SELECT * FROM lock_cart(${uuid}::uuid)),
  has AS MATERIALIZED (
    SELECT line.* FROM cart, jsonb_to_recordset(cart.lines) AS line (id uuid, variant uuid, quantity int))`;

/** Whose carts are open besides guests'. */
export type CartOwner = { readonly accountId: string } | null;

/** SQL: why this caller may not change `cart` now, or null. Foreign and missing look the same. */
export const whyClosed = (viewer: CartOwner) => Prisma.sql`
  CASE WHEN cart.state NOT IN ('ACTIVE', 'ORDERED') THEN 'CART_NOT_FOUND'
    WHEN cart.account_id IS NOT NULL AND cart.account_id IS DISTINCT FROM ${viewer?.accountId ?? null}::uuid THEN 'CART_NOT_FOUND'
    WHEN cart.state = 'ORDERED' THEN 'CART_ALREADY_ORDERED'
    WHEN cart.frozen THEN 'CHECKOUT_IN_PROGRESS' END`;

/** SQL for the end of every change: `verdict` (id, code) let it pass, so the cart is another one now. */
export const touchedCart = (now: Date) => Prisma.sql`
  touched AS (
    UPDATE carts SET version = carts.version + 1, updated_at = ${now}::timestamptz
    FROM verdict WHERE carts.id = verdict.id AND verdict.code IS NULL)`;

/** SQL: what a variant costs in a currency while it can be bought at all. */
export const saleOf = (variant: Prisma.Sql, currency: Prisma.Sql) => Prisma.sql`
  SELECT price.amount FROM variants v
  JOIN products p ON p.id = v.product_id AND p.status = 'ACTIVE'
  JOIN prices price ON price.variant_id = v.id AND price.currency = ${currency} AND price.channel = 'default'
  WHERE v.id = ${variant} AND v.archived_at IS NULL`;

/** Throws the refusal that a change met. The one about a line names its field. */
export function refuseVerdict(verdict: Verdict | undefined, fields: Partial<Record<CartErrorCode, string>>) {
  const { code, position } = verdict ?? { code: "CART_NOT_FOUND" as const, position: null };
  if (code === null) return;
  const field = fields[code];
  if (field && position !== null) throw refuseCart(code, "lines", String(position), field);
  throw refuseCart(code, code === "TOO_MANY_LINES" ? "lines" : "cartId");
}

/** Refuses a list longer than any cart, before work is done on it. */
export function refuseTooMany(lines: unknown[]) {
  if (lines.length > MOST_LINES) throw refuseCart("TOO_MANY_LINES", "lines");
}
