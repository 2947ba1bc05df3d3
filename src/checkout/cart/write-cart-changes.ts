import { Prisma } from "../../generated/prisma/client";
import type { Context } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { newId } from "../../platform/ids";
import type { DataKeyRow } from "../../platform/vault";
import type { CartErrorCode } from "./cart.refusals";
import { type CartOwner, lockedCart, whyClosed } from "./cart-change";
import { offeredDelivery } from "./delivery-zone";
import type { PricedCart } from "./priced-cart";
import { cartPlace } from "./read-cart";
import type { CartChanges } from "./read-cart-changes";

type Verdict = { code: CartErrorCode | "KEY_CHANGED" | null };

/**
 * Seals and writes what changes, in one statement, with the cart's first data key when there is something to seal. Nothing when the
 * verdict has a code; KEY_CHANGED says that the cart got another key since it was read.
 */
export async function writeCartChanges(
  { vault, config, clock, viewer }: Pick<Context, "vault" | "config" | "clock"> & { viewer: CartOwner },
  sql: Sql,
  cart: PricedCart,
  changes: CartChanges,
): Promise<Verdict | undefined> {
  const now = clock.now();
  const known = cart.dataKey?.wrapped ? cart.dataKey : null;
  const seals = Boolean(changes.email || changes.shipping || changes.billing);
  const fresh = seals && !known ? vault.newDataKey(newId()) : null;
  const { shipping, deliveryHandle = null } = changes;
  const country = shipping === undefined ? cart.shippingCountry : (shipping?.country ?? null);
  const at = Prisma.sql`${country ?? config.shop.country}::text`;
  const offered = offeredDelivery(Prisma.sql`${deliveryHandle}::text`, at, Prisma.sql`cart.currency`);
  const [verdict] = await sql.$queryRaw<Verdict[]>`
    WITH ${lockedCart(cart.uuid)},
    verdict AS MATERIALIZED (
      SELECT cart.id, coalesce(${whyClosed(viewer)},
        CASE WHEN cart.data_key_id IS DISTINCT FROM ${cart.dataKey?.id ?? null}::uuid THEN 'KEY_CHANGED'
          WHEN ${deliveryHandle !== null}::boolean AND NOT EXISTS (${offered}) THEN 'DELIVERY_NOT_AVAILABLE' END) AS code
      FROM cart),
    key AS (
      INSERT INTO data_keys (id, wrapped, kek_version, created_at)
      SELECT ${fresh?.id ?? null}::uuid, ${fresh?.wrapped ?? null}::bytea, ${fresh?.kekVersion ?? null}::int, ${now}::timestamptz
      FROM verdict WHERE code IS NULL AND ${fresh !== null}::boolean),
    changed AS (
      UPDATE carts SET ${assignments(vault, cart, changes, fresh ?? known, at)},
        version = carts.version + 1, updated_at = ${now}::timestamptz
      FROM verdict WHERE carts.id = verdict.id AND verdict.code IS NULL)
    SELECT code FROM verdict`;
  return verdict;
}

/** SQL: the columns that change. The delivery is always looked at again: the new address may not have it. */
function assignments(
  vault: Context["vault"],
  cart: PricedCart,
  changes: CartChanges,
  key: DataKeyRow | null,
  at: Prisma.Sql,
) {
  const { email, shipping, billing, deliveryHandle } = changes;
  const seal = (part: "email" | "shipping" | "billing", text: string | null) =>
    Prisma.sql`${key && text !== null ? vault.seal(key, cartPlace(part, cart.uuid), text) : null}::bytea`;
  const textOf = (address: object | null) => (address === null ? null : JSON.stringify(address));
  const handle =
    deliveryHandle === undefined ? Prisma.sql`carts.delivery_handle` : Prisma.sql`${deliveryHandle}::text`;
  const columns = [
    Prisma.sql`delivery_handle = (${offeredDelivery(handle, at, Prisma.sql`carts.currency`)})`,
  ];
  if (key) columns.push(Prisma.sql`data_key_id = ${key.id}::uuid`);
  if (email !== undefined) columns.push(Prisma.sql`email_cipher = ${seal("email", email)}`);
  if (billing !== undefined) columns.push(Prisma.sql`billing_cipher = ${seal("billing", textOf(billing))}`);
  if (shipping !== undefined)
    columns.push(
      Prisma.sql`shipping_cipher = ${seal("shipping", textOf(shipping))}`,
      Prisma.sql`shipping_country = ${shipping?.country ?? null}::text`,
    );
  return Prisma.join(columns);
}
