import { accountEmailPlace } from "../../accounts";
import type { Prisma } from "../../generated/prisma/client";
import type { PostalAddressData } from "../../platform/address";
import type { Platform } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { activeCartOf, type CartRow, cartById, findCartRow } from "./cart-row";
import { priceCart } from "./price-cart";
import type { CartPerson, PricedCart } from "./priced-cart";

/** The cart as it would be ordered now, or null. One statement; whose cart it is, is the caller's question (cart-access.ts). */
export const readCart = (platform: Platform, sql: Sql, uuid: string) =>
  readOne(platform, sql, cartById(uuid));

/** The cart an account is filling, or null. One statement. */
export const readActiveCart = (platform: Platform, sql: Sql, accountId: string) =>
  readOne(platform, sql, activeCartOf(accountId));

async function readOne({ config, vault }: Platform, sql: Sql, which: Prisma.Sql): Promise<PricedCart | null> {
  const row = await findCartRow(sql, which, config.shop.country);
  return row && priceCart(row, unsealCart(vault, row));
}

function unsealCart(vault: Platform["vault"], row: CartRow): CartPerson {
  const dataKey = row.keyId === null ? null : { id: row.keyId, wrapped: row.keyWrapped };
  const open = (part: "email" | "shipping" | "billing", sealed: Uint8Array | null) =>
    dataKey && vault.unseal(dataKey, cartPlace(part, row.uuid), sealed);
  const address = (text: string | null) => (text === null ? null : (JSON.parse(text) as PostalAddressData));
  return {
    dataKey,
    email: open("email", row.emailCipher) ?? accountEmail(vault, row),
    shippingAddress: address(open("shipping", row.shippingCipher)),
    billingAddress: address(open("billing", row.billingCipher)),
  };
}

function accountEmail(vault: Platform["vault"], row: CartRow): string | null {
  const { accountId, accountKeyId, accountKeyWrapped, accountEmailCipher } = row;
  if (accountId === null || accountKeyId === null) return null;
  return vault.unseal(
    { id: accountKeyId, wrapped: accountKeyWrapped },
    accountEmailPlace(accountId),
    accountEmailCipher,
  );
}

/** What a cart's ciphertext is bound to. */
export const cartPlace = (part: "email" | "shipping" | "billing", uuid: string) => `carts|${part}|${uuid}`;
