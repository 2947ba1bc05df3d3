import type { Names } from "../catalog";
import { Prisma } from "../generated/prisma/client";
import type { OrderStatus, PaymentStatus } from "../generated/prisma/enums";
import { paymentsOf, type StoredPayment } from "../payments";
import type { HexBytes } from "../platform/hex-bytes";

type StoredLine = {
  uuid: string;
  variantUuid: string;
  title: string;
  sku: string | null;
  quantity: number;
  unitAmount: number;
  total: number;
};
/**
 * An order as SQL gives it, the statement of a list or the function read_order: JSON, which is read in half the time that so many columns would
 * take. Amounts are minor units of `currency`.
 */
export type StoredOrder = {
  uuid: string;
  number: string;
  accountUuid: string | null;
  status: OrderStatus;
  paymentStatus: PaymentStatus;
  currency: string;
  emailCipher: HexBytes | null;
  shippingCipher: HexBytes | null;
  billingCipher: HexBytes | null;
  deliveryHandle: string | null;
  deliveryTitle: string | null;
  taxIncluded: boolean;
  subtotal: number;
  discount: number;
  shipping: number;
  tax: number;
  total: number;
  placedAt: string;
  keyId: string;
  wrapped: HexBytes | null;
  lines: StoredLine[];
  events: { type: string; message: string; at: string }[];
  payments: StoredPayment[];
};

const LINES = Prisma.sql`coalesce((SELECT json_agg(row_to_json(line)) FROM (
  SELECT l.id AS "uuid", l.variant_id AS "variantUuid", l.title, l.sku, l.quantity, l.unit_amount AS "unitAmount", l.total
  FROM order_lines l WHERE l.order_id = o.id ORDER BY l.position) line), '[]')`;
const EVENTS = Prisma.sql`coalesce((SELECT json_agg(row_to_json(event)) FROM (
  SELECT e.type, e.message, e.at FROM order_events e WHERE e.order_id = o.id ORDER BY e.id) event), '[]')`;

/**
 * SQL for orders with their lines, events and payments, each of these empty when `names` lack it; `orders` is a sub-select of rows of that
 * table, named o here. Newest first.
 */
export function selectOrders(orders: Prisma.Sql, names: Names): Prisma.Sql {
  const list = (name: string, rows: Prisma.Sql) => (names.has(name) ? rows : Prisma.sql`'[]'::json`);
  return Prisma.sql`
  SELECT row_to_json(whole) AS "order" FROM (
  SELECT o.id AS "uuid", o.number::text, o.account_id AS "accountUuid", o.status::text, o.payment_status::text AS "paymentStatus",
    o.currency::text, o.email_cipher AS "emailCipher", o.shipping_cipher AS "shippingCipher", o.billing_cipher AS "billingCipher",
    o.delivery_handle AS "deliveryHandle", o.delivery_title AS "deliveryTitle", o.tax_included AS "taxIncluded", o.subtotal,
    o.discount, o.shipping, o.tax, o.total, o.placed_at AS "placedAt", k.id AS "keyId", k.wrapped,
    ${list("lines", LINES)} AS "lines", ${list("events", EVENTS)} AS "events",
    ${list("payments", paymentsOf(Prisma.sql`o.id`))} AS "payments"
  FROM (${orders}) o JOIN data_keys k ON k.id = o.data_key_id
  ORDER BY o.placed_at DESC, o.id DESC) whole`;
}
