import { Prisma } from "../../generated/prisma/client";
import { type CartErrorCode, refuseCart } from "./cart.refusals";
import { MOST_LINES } from "./cart-limits";
import type { CartRow } from "./cart-row";

/** What a change met: the refusal that stopped it and the index in the input that it is about, or nulls when it was written. */
export type Verdict = { code: CartErrorCode | null; position: number | null };
/** The same, with the cart as it is after the change; null when there was none. */
export type Changed = Verdict & { cart: CartRow | null };

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

/** SQL for every change: `verdict` (id, code) let it pass, so the cart is another one now. */
export const touchedCart = (now: Date) => Prisma.sql`
  touched AS (
    UPDATE carts SET version = carts.version + 1, updated_at = ${now}::timestamptz
    FROM verdict WHERE carts.id = verdict.id AND verdict.code IS NULL RETURNING 1)`;

/** What a change may have written, to be counted: PostgreSQL is done with it then. */
const COUNTED = {
  touched: Prisma.sql`(SELECT count(*) FROM touched) AS touched_rows`,
  written: Prisma.sql`(SELECT count(*) FROM written) AS written_rows`,
  removed: Prisma.sql`(SELECT count(*) FROM removed) AS removed_rows`,
  key: Prisma.sql`(SELECT count(*) FROM key) AS key_rows`,
};

/** SQL for the end of a change: what it met, and the cart as it is after all that the WITH list has `written`. */
export const changedCart = (country: string, ...written: (keyof typeof COUNTED)[]) => Prisma.sql`
  SELECT verdict.code, verdict.position, CASE WHEN verdict.code IS NULL THEN read_cart(verdict.id, ${country}::text) END AS cart
  FROM verdict, ${Prisma.join(written.map((name) => COUNTED[name]))}`;

/** SQL: what a variant costs in a currency while it can be bought at all. */
export const saleOf = (variant: Prisma.Sql, currency: Prisma.Sql) => Prisma.sql`
  SELECT price.amount FROM variants v
  JOIN products p ON p.id = v.product_id AND p.status = 'ACTIVE'
  JOIN prices price ON price.variant_id = v.id AND price.currency = ${currency} AND price.channel = 'default'
  WHERE v.id = ${variant} AND v.archived_at IS NULL`;

type Fields = Partial<Record<CartErrorCode, string>>;

/** The cart as it is after a change. @throws the refusal that it met */
export function acceptedCart(changed: Changed | undefined, fields: Fields): CartRow {
  refuseVerdict(changed, fields);
  if (!changed?.cart) throw new Error("A cart that was changed is not there");
  return changed.cart;
}

/** Throws the refusal that a change met. The one about a line names its field. */
export function refuseVerdict(verdict: Verdict | undefined, fields: Fields) {
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
