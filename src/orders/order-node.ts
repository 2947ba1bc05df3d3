import { toPayment } from "../payments";
import type { PostalAddressData } from "../platform/address";
import { bytesOf, type HexBytes } from "../platform/hex-bytes";
import { toId } from "../platform/ids";
import { money } from "../platform/types";
import type { Vault } from "../platform/vault";
import type { StoredOrder } from "./order.rows";

export type OrderNode = ReturnType<typeof toOrder>;
export type OrderLineNode = OrderNode["lines"][number];

type SealedColumn = "email" | "shipping" | "billing";
/** What an order's ciphertext is bound to. */
export const orderPlace = (column: SealedColumn, uuid: string) => `orders|${column}|${uuid}`;

/**
 * An order as the schema shows it. Personal fields are opened only when asked for; they are null once the person was erased. (One literal:
 * V8 takes some twenty microseconds to add getters to what was spread.)
 */
export function toOrder(vault: Vault, stored: StoredOrder) {
  const { uuid, accountUuid, currency } = stored;
  const open = (column: SealedColumn, sealed: HexBytes | null) => {
    const key = { id: stored.keyId, wrapped: bytesOf(stored.wrapped) };
    return vault.unseal(key, orderPlace(column, uuid), bytesOf(sealed));
  };
  const address = (column: "shipping" | "billing", sealed: HexBytes | null) => {
    const text = open(column, sealed);
    return text === null ? null : (JSON.parse(text) as PostalAddressData);
  };
  return {
    __typename: "Order" as const,
    id: toId("order", uuid),
    uuid,
    number: stored.number,
    accountUuid,
    status: stored.status,
    paymentStatus: stored.paymentStatus,
    events: stored.events,
    placedAt: new Date(stored.placedAt),
    email: () => open("email", stored.emailCipher),
    shippingAddress: () => address("shipping", stored.shippingCipher),
    billingAddress: () => address("billing", stored.billingCipher),
    // What lists are mostly not asked for is made only when it is, of what is there only then (selectOrders).
    get delivery() {
      return deliveryOf(stored);
    },
    get totals() {
      return totalsOf(stored, currency);
    },
    get lines() {
      return stored.lines.map((line) => toLine(line, currency));
    },
    get payments() {
      return stored.payments.map((payment) => toPayment(payment, { orderUuid: uuid, accountUuid }));
    },
  };
}

const toLine = (line: StoredOrder["lines"][number], currency: string) => ({
  id: toId("oline", line.uuid),
  variantUuid: line.variantUuid,
  title: line.title,
  sku: line.sku,
  quantity: line.quantity,
  unitPrice: money(line.unitAmount, currency),
  total: money(line.total, currency),
});

const deliveryOf = ({ deliveryHandle, deliveryTitle, shipping, currency }: StoredOrder) =>
  deliveryHandle === null
    ? null
    : { handle: deliveryHandle, title: deliveryTitle ?? deliveryHandle, price: money(shipping, currency) };

type Amounts = Record<"subtotal" | "discount" | "shipping" | "tax" | "total", number | bigint>;

/** Totals as the schema shows them, of a cart or an order. Amounts are minor units. */
export const totalsOf = (of: Amounts & { taxIncluded: boolean }, currency: string) => ({
  subtotal: money(of.subtotal, currency),
  discount: money(of.discount, currency),
  shipping: money(of.shipping, currency),
  tax: money(of.tax, currency),
  taxIncluded: of.taxIncluded,
  total: money(of.total, currency),
});
