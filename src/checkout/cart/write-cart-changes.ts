import type { Context } from "../../platform/context";
import type { Sql } from "../../platform/database";
import type { HexBytes } from "../../platform/hex-bytes";
import { newId } from "../../platform/ids";
import type { DataKeyRow } from "../../platform/vault";
import type { CartErrorCode } from "./cart.refusals";
import type { CartOwner, Changed } from "./cart-change";
import { cartPlace } from "./read-cart";
import { type CartChanges, hasPersonalData } from "./read-cart-changes";

/** KEY_CHANGED tells which key the cart has; nulls when it has none. */
export type ChangedPerson = Omit<Changed, "code"> & {
  code?: CartErrorCode | "KEY_CHANGED";
  key?: { id: string | null; wrapped: HexBytes | null };
};

/** A cart and what it is taken to be sealed with; null while it holds no personal data. */
export type SealedCart = { uuid: string; dataKey: DataKeyRow | null };

/**
 * Seals and writes what changes, in one statement, with the cart's first data key when there is something to seal. Nothing when it is
 * refused; KEY_CHANGED says that there is personal data to seal and the cart has another key than the one given.
 */
export async function writeCartChanges(
  { vault, config, clock, viewer }: Pick<Context, "vault" | "config" | "clock"> & { viewer: CartOwner },
  sql: Sql,
  { uuid, dataKey }: SealedCart,
  changes: CartChanges,
): Promise<ChangedPerson> {
  const fresh = hasPersonalData(changes) && !dataKey?.wrapped ? vault.newDataKey(newId()) : null;
  const key = fresh ?? dataKey;
  const { email, shipping, billing, deliveryHandle } = changes;
  const sets = Object.entries({ email, shipping, billing, delivery: deliveryHandle })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  const seal = (part: "email" | "shipping" | "billing", text: string | null | undefined) =>
    key && text ? vault.seal(key, cartPlace(part, uuid), text) : null;
  const textOf = (address: object | null | undefined) => address && JSON.stringify(address);
  const [{ changed }] = await sql.$queryRaw<[{ changed: ChangedPerson }]>`
    SELECT update_cart(${uuid}::uuid, ${viewer?.accountId ?? null}::uuid, ${sets}::text[], ${seal("email", email)}::bytea,
      ${seal("shipping", textOf(shipping))}::bytea, ${shipping?.country ?? null}::text, ${seal("billing", textOf(billing))}::bytea,
      ${deliveryHandle ?? null}::text, ${dataKey?.id ?? null}::uuid, ${fresh?.id ?? null}::uuid, ${fresh?.wrapped ?? null}::bytea,
      ${fresh?.kekVersion ?? null}::int, ${clock.now()}::timestamptz, ${config.shop.country}::text) AS changed`;
  return changed;
}
