import { Prisma } from "../../generated/prisma/client";
import type { CartState } from "../../generated/prisma/enums";
import type { Sql } from "../../platform/database";
import { fromZoneOf } from "./delivery-zone";

/** A cart as SQL gives it: one row, lines and zone as JSON in it. Amounts in JSON are integers of minor units. */
export type CartRow = {
  uuid: string;
  accountId: string | null;
  currency: string;
  state: CartState;
  version: number;
  emailCipher: Uint8Array | null;
  shippingCipher: Uint8Array | null;
  billingCipher: Uint8Array | null;
  shippingCountry: string | null;
  deliveryHandle: string | null;
  updatedAt: Date;
  keyId: string | null;
  keyWrapped: Uint8Array | null;
  accountEmailCipher: Uint8Array | null;
  accountKeyId: string | null;
  accountKeyWrapped: Uint8Array | null;
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
  /** null for a product without options */
  variantTitle: string | null;
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

const LINES = Prisma.sql`
  SELECT l.id AS "uuid", l.variant_id AS "variantUuid", l.quantity, l.seen_amount AS "seenAmount",
    CASE WHEN c.state = 'ORDERED'
      THEN (SELECT ol.unit_amount FROM order_lines ol WHERE ol.order_id = o.id AND ol.variant_id = l.variant_id LIMIT 1)
      WHEN p.status = 'ACTIVE' THEN pr.amount END AS "amount",
    v.archived_at IS NULL AND p.status = 'ACTIVE' AS "live", p.title AS "productTitle",
    CASE WHEN cardinality(v.option_values) > 0 THEN v.title END AS "variantTitle", v.sku,
    coalesce(s.tracked, true) AS "tracked", coalesce(s.oversell, false) AS "oversell", coalesce(s.on_hand - s.reserved, 0) AS "left"
  FROM cart_lines l
  JOIN variants v ON v.id = l.variant_id
  JOIN products p ON p.id = v.product_id
  LEFT JOIN prices pr ON pr.variant_id = l.variant_id AND pr.currency = c.currency AND pr.channel = 'default'
  LEFT JOIN stocks s ON s.variant_id = l.variant_id AND s.location = 'default'
  WHERE l.cart_id = c.id
  ORDER BY l.created_at, l.id`;

/** Tax and deliveries where the cart goes, or where the shop is while that is unknown. */
const zoneOf = (shopCountry: string) => Prisma.sql`
  SELECT z.handle, z.tax_label AS "taxLabel", z.tax_rate AS "taxRate", z.tax_included AS "taxIncluded",
    coalesce((SELECT json_agg(row_to_json(option)) FROM (
      SELECT d.handle, d.title, r.amount, r.free_above AS "freeAbove"
      FROM delivery_options d JOIN delivery_rates r ON r.option_id = d.id AND r.currency = c.currency
      WHERE d.zone_id = z.id ORDER BY d.position, d.id) option), '[]') AS "options"
  ${fromZoneOf(Prisma.sql`coalesce(c.shipping_country::text, ${shopCountry})`)}`;

/** Which cart to read. */
export const cartById = (uuid: string) => Prisma.sql`c.id = ${uuid}::uuid`;
/** The one an account is filling. */
export const activeCartOf = (accountId: string) =>
  Prisma.sql`c.account_id = ${accountId}::uuid AND c.state = 'ACTIVE'`;

/** The cart with all that its price depends on, in one statement. */
export async function findCartRow(sql: Sql, which: Prisma.Sql, shopCountry: string): Promise<CartRow | null> {
  const rows = await sql.$queryRaw<CartRow[]>`
    SELECT c.id::text AS "uuid", c.account_id::text AS "accountId", c.currency::text AS "currency", c.state::text AS "state", c.version,
      c.email_cipher AS "emailCipher", c.shipping_cipher AS "shippingCipher", c.billing_cipher AS "billingCipher",
      c.shipping_country::text AS "shippingCountry", c.delivery_handle AS "deliveryHandle", c.updated_at AS "updatedAt",
      k.id::text AS "keyId", k.wrapped AS "keyWrapped", a.email_cipher AS "accountEmailCipher",
      ak.id::text AS "accountKeyId", ak.wrapped AS "accountKeyWrapped", o.id::text AS "orderUuid",
      EXISTS (SELECT FROM payment_operations op WHERE op.order_id = o.id AND op.kind = 'AUTHORIZE'
        AND op.status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN')) AS "frozen",
      coalesce((SELECT json_agg(row_to_json(line)) FROM (${LINES}) line), '[]') AS "lines",
      (SELECT row_to_json(zone) FROM (${zoneOf(shopCountry)}) zone) AS "zone",
      CASE WHEN c.state = 'ORDERED' THEN json_build_object('subtotal', o.subtotal, 'discount', o.discount, 'shipping', o.shipping,
        'tax', o.tax, 'taxIncluded', o.tax_included, 'total', o.total) END AS "ordered"
    FROM carts c
    LEFT JOIN data_keys k ON k.id = c.data_key_id
    LEFT JOIN accounts a ON a.id = c.account_id
    LEFT JOIN data_keys ak ON ak.id = a.data_key_id
    LEFT JOIN orders o ON o.cart_id = c.id
    WHERE ${which}`;
  return rows[0] ?? null;
}
