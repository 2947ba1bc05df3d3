import { toPayment } from "../payments";
import type { PostalAddressData } from "../platform/address";
import { toId } from "../platform/ids";
import { money } from "../platform/types";
import type { Vault } from "../platform/vault";
import type { StoredOrder } from "./order.rows";

export type OrderNode = ReturnType<typeof toOrder>;
export type OrderLineNode = OrderNode["lines"][number];

/** What each of an order's ciphertexts is bound to. */
const orderPlace = (column: "email" | "shipping" | "billing", uuid: string) => `orders|${column}|${uuid}`;

/** An order as the schema shows it. Personal fields are opened only when asked for; they are null once the person was erased. */
export function toOrder(vault: Vault, stored: StoredOrder) {
  const { uuid, number, accountUuid, status, paymentStatus, currency, events, placedAt } = stored;
  const key = { id: stored.keyId, wrapped: stored.wrapped };
  const address = (column: "shipping" | "billing", sealed: Uint8Array | null) => {
    const text = vault.unseal(key, orderPlace(column, uuid), sealed);
    return text === null ? null : (JSON.parse(text) as PostalAddressData);
  };
  return {
    __typename: "Order" as const,
    id: toId("order", uuid),
    ...{ uuid, number, accountUuid, status, paymentStatus, events, placedAt },
    email: () => vault.unseal(key, orderPlace("email", uuid), stored.emailCipher),
    shippingAddress: () => address("shipping", stored.shippingCipher),
    billingAddress: () => address("billing", stored.billingCipher),
    delivery: deliveryOf(stored),
    totals: totalsOf(stored),
    lines: stored.lines.map((line) => ({
      id: toId("oline", line.uuid),
      variantUuid: line.variantUuid,
      title: line.title,
      sku: line.sku,
      quantity: line.quantity,
      unitPrice: money(line.unitAmount, currency),
      total: money(line.total, currency),
    })),
    payments: stored.payments.map((payment) => toPayment(payment, { orderUuid: uuid, accountUuid })),
  };
}

const deliveryOf = ({ deliveryHandle, deliveryTitle, shipping, currency }: StoredOrder) =>
  deliveryHandle === null
    ? null
    : { handle: deliveryHandle, title: deliveryTitle ?? deliveryHandle, price: money(shipping, currency) };

const totalsOf = ({ currency, taxIncluded, ...amounts }: StoredOrder) => ({
  subtotal: money(amounts.subtotal, currency),
  discount: money(amounts.discount, currency),
  shipping: money(amounts.shipping, currency),
  tax: money(amounts.tax, currency),
  taxIncluded,
  total: money(amounts.total, currency),
});
