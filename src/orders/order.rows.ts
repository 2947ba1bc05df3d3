import { Prisma } from "../generated/prisma/client";
import type { OrderStatus, PaymentStatus } from "../generated/prisma/enums";
import { paymentsOf, type StoredPayment } from "../payments";
import type { HexBytes } from "../platform/hex-bytes";
import type { Names } from "../platform/selected-names";

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
 * take. A list's orders lack what nobody asks for (selectOrders). Amounts are minor units of `currency`.
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

const LINES = Prisma.sql`coalesce((SELECT json_agg(line) FROM (
  SELECT l.id AS "uuid", l.variant_id AS "variantUuid", l.title, l.sku, l.quantity, l.unit_amount AS "unitAmount", l.total
  FROM order_lines l WHERE l.order_id = o.id ORDER BY l.position) line), '[]') AS "lines"`;
const EVENTS = Prisma.sql`coalesce((SELECT json_agg(event) FROM (
  SELECT e.type, e.message, e.at FROM order_events e WHERE e.order_id = o.id ORDER BY e.id) event), '[]') AS "events"`;
const PERSON = Prisma.sql`o.email_cipher AS "emailCipher", o.shipping_cipher AS "shippingCipher", o.billing_cipher AS "billingCipher",
  o.data_key_id AS "keyId", (SELECT k.wrapped FROM data_keys k WHERE k.id = o.data_key_id) AS "wrapped"`;
const DELIVERY = Prisma.sql`o.delivery_handle AS "deliveryHandle", o.delivery_title AS "deliveryTitle"`;
const TOTALS = Prisma.sql`o.tax_included AS "taxIncluded", o.subtotal, o.discount, o.tax, o.total`;

const ALWAYS = Prisma.sql`o.id AS "uuid", o.number::text, o.account_id AS "accountUuid", o.status, o.payment_status AS "paymentStatus", o.currency,
  o.shipping, o.placed_at AS "placedAt"`;

/** What an order is read with when one of these fields is asked for; the rest is always there. */
const PARTS: { fields: string[]; columns: Prisma.Sql }[] = [
  { fields: ["email", "shippingAddress", "billingAddress"], columns: PERSON },
  { fields: ["delivery"], columns: DELIVERY },
  { fields: ["totals"], columns: TOTALS },
  { fields: ["lines"], columns: LINES },
  { fields: ["events"], columns: EVENTS },
  { fields: ["payments"], columns: Prisma.sql`${paymentsOf(Prisma.sql`o.id`)} AS "payments"` },
];

/**
 * SQL for orders as one JSON array, with what `names` need of each; `orders` is a sub-select of rows of that table, in the order that the
 * array shall have. null instead of an empty one.
 */
export function selectOrders(orders: Prisma.Sql, names: Names): Prisma.Sql {
  const parts = PARTS.filter(({ fields }) => fields.some((field) => names.has(field)));
  return Prisma.sql`
  SELECT json_agg(whole) FROM (
  SELECT ${Prisma.join([ALWAYS, ...parts.map(({ columns }) => columns)])} FROM (${orders}) o) whole`;
}
