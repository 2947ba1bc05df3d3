import { accountEmailPlace } from "../../accounts";
import type { PostalAddressData } from "../../platform/address";
import type { Platform } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { bytesOf, type HexBytes } from "../../platform/hex-bytes";
import { type CartRow, findActiveCartRow, findCartRow } from "./cart-row";
import { priceCart } from "./price-cart";
import type { CartPerson, PricedCart } from "./priced-cart";

type Opener = Pick<Platform, "config" | "vault">;

/** The cart as it would be ordered now, or null. One statement; whose cart it is, is the caller's question (cart-access.ts). */
export async function readCart(platform: Opener, sql: Sql, uuid: string): Promise<PricedCart | null> {
  const row = await findCartRow(sql, uuid, platform.config.shop.country);
  return row && openCart(platform, row);
}

/** The cart an account is filling, or null. One statement. */
export async function readActiveCart(
  platform: Opener,
  sql: Sql,
  accountId: string,
): Promise<PricedCart | null> {
  const row = await findActiveCartRow(sql, accountId, platform.config.shop.country);
  return row && openCart(platform, row);
}

/** A cart's row with its prices, and its personal data in the clear. */
export const openCart = ({ vault }: Pick<Platform, "vault">, row: CartRow): PricedCart =>
  priceCart(row, unsealCart(vault, row));

/** Each part is opened when it is read for the first time. */
function unsealCart(vault: Platform["vault"], row: CartRow): CartPerson {
  const dataKey = row.keyId === null ? null : { id: row.keyId, wrapped: bytesOf(row.keyWrapped) };
  const open = (part: "email" | "shipping" | "billing", sealed: HexBytes | null) =>
    dataKey && vault.unseal(dataKey, cartPlace(part, row.uuid), bytesOf(sealed));
  const address = (text: string | null) => (text === null ? null : (JSON.parse(text) as PostalAddressData));
  const email = once(() => open("email", row.emailCipher) ?? accountEmail(vault, row));
  const shipping = once(() => address(open("shipping", row.shippingCipher)));
  const billing = once(() => address(open("billing", row.billingCipher)));
  return {
    dataKey,
    get email() {
      return email();
    },
    get shippingAddress() {
      return shipping();
    },
    get billingAddress() {
      return billing();
    },
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function accountEmail(vault: Platform["vault"], row: CartRow): string | null {
  const { accountId, accountKeyId, accountKeyWrapped, accountEmailCipher } = row;
  if (accountId === null || accountKeyId === null) return null;
  const key = { id: accountKeyId, wrapped: bytesOf(accountKeyWrapped) };
  return vault.unseal(key, accountEmailPlace(accountId), bytesOf(accountEmailCipher));
}

/** What a cart's ciphertext is bound to. */
export const cartPlace = (part: "email" | "shipping" | "billing", uuid: string) => `carts|${part}|${uuid}`;
