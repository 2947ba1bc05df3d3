import { Prisma } from "../../generated/prisma/client";
import type { Context } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { newId } from "../../platform/ids";
import type { DataKeyRow } from "../../platform/vault";
import type { CartErrorCode } from "./cart.refusals";
import { type CartOwner, changedCart, lockedCart, whyClosed } from "./cart-change";
import type { CartRow } from "./cart-row";
import { offeredDelivery } from "./delivery-zone";
import { cartPlace } from "./read-cart";
import { type CartChanges, hasPersonalData } from "./read-cart-changes";

type Changed = { code: CartErrorCode | "KEY_CHANGED" | null; cart: CartRow | null };

/** A cart and what it is sealed with; null while it holds no personal data, or when that is not asked for. */
export type SealedCart = { uuid: string; dataKey: DataKeyRow | null };

/**
 * Seals and writes what changes, in one statement, with the cart's first data key when there is something to seal. Nothing when the
 * verdict has a code; KEY_CHANGED says that there is personal data to seal and the cart has another key than the one given.
 */
export async function writeCartChanges(
  { vault, config, clock, viewer }: Pick<Context, "vault" | "config" | "clock"> & { viewer: CartOwner },
  sql: Sql,
  cart: SealedCart,
  changes: CartChanges,
): Promise<Changed | undefined> {
  const now = clock.now();
  const known = cart.dataKey?.wrapped ? cart.dataKey : null;
  const seals = hasPersonalData(changes);
  const fresh = seals && !known ? vault.newDataKey(newId()) : null;
  const { shipping, deliveryHandle = null } = changes;
  const goesTo = (kept: Prisma.Sql) =>
    shipping === undefined
      ? Prisma.sql`coalesce(${kept}, ${config.shop.country}::text)`
      : Prisma.sql`${shipping?.country ?? config.shop.country}::text`;
  const offered = offeredDelivery(
    Prisma.sql`${deliveryHandle}::text`,
    goesTo(Prisma.sql`cart.country`),
    Prisma.sql`cart.currency`,
  );
  const columns = assignments(vault, cart.uuid, changes, fresh ?? known, goesTo);
  const [changed] = await sql.$queryRaw<Changed[]>`
    WITH ${lockedCart(cart.uuid)},
    verdict AS MATERIALIZED (
      SELECT cart.id, NULL::int AS position, coalesce(${whyClosed(viewer)},
        CASE WHEN ${seals} AND cart.data_key_id IS DISTINCT FROM ${cart.dataKey?.id ?? null}::uuid THEN 'KEY_CHANGED'
          WHEN ${deliveryHandle !== null}::boolean AND NOT EXISTS (${offered}) THEN 'DELIVERY_NOT_AVAILABLE' END) AS code
      FROM cart),
    key AS (
      INSERT INTO data_keys (id, wrapped, kek_version, created_at)
      SELECT ${fresh?.id ?? null}::uuid, ${fresh?.wrapped ?? null}::bytea, ${fresh?.kekVersion ?? null}::int, ${now}::timestamptz
      FROM verdict WHERE code IS NULL AND ${fresh !== null}::boolean RETURNING 1),
    touched AS (
      UPDATE carts SET ${columns}, version = carts.version + 1, updated_at = ${now}::timestamptz
      FROM verdict WHERE carts.id = verdict.id AND verdict.code IS NULL RETURNING 1)
    ${changedCart(config.shop.country, "key", "touched")}`;
  return changed;
}

/** SQL: the columns that change. The delivery is always looked at again: the new address may not have it. */
function assignments(
  vault: Context["vault"],
  uuid: string,
  changes: CartChanges,
  key: DataKeyRow | null,
  goesTo: (kept: Prisma.Sql) => Prisma.Sql,
) {
  const { email, shipping, billing, deliveryHandle } = changes;
  const seal = (part: "email" | "shipping" | "billing", text: string | null) =>
    Prisma.sql`${key && text !== null ? vault.seal(key, cartPlace(part, uuid), text) : null}::bytea`;
  const textOf = (address: object | null) => (address === null ? null : JSON.stringify(address));
  const handle =
    deliveryHandle === undefined ? Prisma.sql`carts.delivery_handle` : Prisma.sql`${deliveryHandle}::text`;
  const at = goesTo(Prisma.sql`carts.shipping_country::text`);
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
