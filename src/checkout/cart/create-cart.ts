import type { Context } from "../../platform/context";
import { type Sql, transact } from "../../platform/database";
import { readEmail } from "../../platform/email";
import { newId, newSecretId } from "../../platform/ids";
import { addCartLines } from "./add-cart-lines";
import { refuseCart } from "./cart.refusals";
import { acceptedCart, type Changed } from "./cart-change";
import { MOST_LINES, MOST_PER_LINE, MOST_PER_LINE_AMOUNT } from "./cart-limits";
import type { PricedCart } from "./priced-cart";
import { cartPlace } from "./read-cart";
import { switchCurrency } from "./switch-cart-currency";
import { updateCart } from "./update-cart";
import { columnsOf, type WantedLine } from "./wanted-lines";

/** What a new cart holds. Without a currency it has the shop's own. */
export type NewCart = { lines: WantedLine[]; currency: string | null; email: string | null };

/**
 * A guest's new cart, under an id that cannot be guessed. One statement.
 * @throws CURRENCY_NOT_OFFERED, EMAIL_INVALID, VARIANT_NOT_FOUND, QUANTITY_INVALID: then there is no cart
 */
export async function createGuestCart(
  { config, clock, vault }: Context,
  sql: Sql,
  ask: NewCart,
): Promise<PricedCart> {
  const currency =
    offeredCurrency(config.shop.currencies, ask.currency) ?? ownCurrency(config.shop.currencies);
  const email = emailOf(ask);
  const uuid = newSecretId();
  const key = email === null ? null : vault.newDataKey(newId());
  const sealed = key && email !== null ? vault.seal(key, cartPlace("email", uuid), email) : null;
  const { variants, quantities, positions } = columnsOf(ask.lines);
  const [{ changed }] = await sql.$queryRaw<[{ changed: Changed }]>`
    SELECT create_cart(${uuid}::uuid, ${currency}::text, ${key?.id ?? null}::uuid, ${key?.wrapped ?? null}::bytea,
      ${key?.kekVersion ?? null}::int, ${sealed}::bytea, ${variants}::uuid[], ${quantities}::int[], ${positions}::int[],
      ${ask.lines.map(newId)}::uuid[], ${MOST_LINES}::int, ${MOST_PER_LINE}::int, ${MOST_PER_LINE_AMOUNT}::bigint,
      ${clock.now()}::timestamptz, ${config.shop.country}::text) AS changed`;
  return acceptedCart({ vault }, changed, { VARIANT_NOT_FOUND: "variantId", QUANTITY_INVALID: "quantity" });
}

/**
 * The one cart that an account is filling, made when there is none; its uuid. Lines are added to what is there, a currency that is
 * asked for becomes the cart's.
 * @throws as createGuestCart and addCartLines do: then nothing has changed
 */
export async function createAccountCart(
  ctx: Context,
  sql: Sql,
  accountId: string,
  ask: NewCart,
): Promise<string> {
  const currency = offeredCurrency(ctx.config.shop.currencies, ask.currency);
  const email = emailOf(ask);
  return transact(sql, async (tx) => {
    const now = ctx.clock.now();
    const [cart] = await tx.$queryRaw<[{ uuid: string; currency: string }]>`
      INSERT INTO carts (id, account_id, data_key_id, currency, created_at, updated_at)
      SELECT ${newSecretId()}::uuid, id, data_key_id, ${currency ?? ownCurrency(ctx.config.shop.currencies)}::text,
        ${now}::timestamptz, ${now}::timestamptz
      FROM accounts WHERE id = ${accountId}::uuid
      ON CONFLICT (account_id) WHERE state = 'ACTIVE' DO UPDATE SET updated_at = excluded.updated_at
      RETURNING id::text AS "uuid", currency::text AS "currency"`;
    if (currency !== null && currency !== cart.currency) await switchCurrency(ctx, tx, cart.uuid, currency);
    if (ask.lines.length > 0) await addCartLines(ctx, tx, cart.uuid, ask.lines);
    if (email !== null) await updateCart(ctx, tx, cart.uuid, { email });
    return cart.uuid;
  });
}

const ownCurrency = ([own = "EUR"]: readonly string[]) => own;

function offeredCurrency(offered: readonly string[], currency: string | null) {
  if (currency !== null && !offered.includes(currency)) throw refuseCart("CURRENCY_NOT_OFFERED", "currency");
  return currency;
}

function emailOf(ask: NewCart) {
  const email = ask.email === null ? null : readEmail(ask.email);
  if (ask.email !== null && email === null) throw refuseCart("EMAIL_INVALID", "email");
  return email;
}
