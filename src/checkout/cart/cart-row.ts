import type { CartState } from "../../generated/prisma/enums";
import type { Sql } from "../../platform/database";
import type { HexBytes } from "../../platform/hex-bytes";

/** A cart as the SQL function read_cart gives it. Amounts are integers of minor units. */
export type CartRow = {
  uuid: string;
  accountId: string | null;
  currency: string;
  state: CartState;
  version: number;
  emailCipher: HexBytes | null;
  shippingCipher: HexBytes | null;
  billingCipher: HexBytes | null;
  shippingCountry: string | null;
  deliveryHandle: string | null;
  updatedAt: string;
  keyId: string | null;
  keyWrapped: HexBytes | null;
  accountEmailCipher: HexBytes | null;
  accountKeyId: string | null;
  accountKeyWrapped: HexBytes | null;
  orderUuid: string | null;
  frozen: boolean;
  lines: CartLineRow[];
  zone: ZoneRow | null;
  /** What it was ordered at; null unless it is ORDERED */
  ordered: OrderedRow | null;
};
export type CartLineRow = {
  uuid: string;
  variantUuid: string;
  quantity: number;
  /** What it cost when the line was last touched */
  seenAmount: number;
  /** What it costs now, or cost when it was ordered; null without a price in the cart's currency, or when the product is hidden */
  amount: number | null;
  /** Neither the variant is archived nor the product hidden */
  live: boolean;
  productTitle: string;
  variantTitle: string;
  hasOptions: boolean;
  sku: string | null;
  tracked: boolean;
  oversell: boolean;
  left: number;
};
export type ZoneRow = {
  handle: string;
  taxLabel: string;
  taxRate: number;
  taxIncluded: boolean;
  options: { handle: string; title: string; amount: number; freeAbove: number | null }[];
};
export type OrderedRow = {
  subtotal: number;
  discount: number;
  shipping: number;
  tax: number;
  taxIncluded: boolean;
  total: number;
};

/** The cart with all that its price depends on, in one statement; `shopCountry` is where it goes while that is unknown. */
export async function findCartRow(sql: Sql, uuid: string, shopCountry: string): Promise<CartRow | null> {
  const [{ cart }] = await sql.$queryRaw<[{ cart: CartRow | null }]>`
    SELECT read_cart(${uuid}::uuid, ${shopCountry}::text) AS cart`;
  return cart;
}

/** The one that an account is filling, likewise. */
export async function findActiveCartRow(
  sql: Sql,
  accountId: string,
  shopCountry: string,
): Promise<CartRow | null> {
  const [found] = await sql.$queryRaw<{ cart: CartRow | null }[]>`
    SELECT read_cart(id, ${shopCountry}::text) AS cart FROM carts WHERE account_id = ${accountId}::uuid AND state = 'ACTIVE'`;
  return found?.cart ?? null;
}
