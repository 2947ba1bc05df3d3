import { orderPlace } from "../../orders";
import { newId, toId } from "../../platform/ids";
import type { DataKeyRow, Vault } from "../../platform/vault";
import type { PricedCart } from "../cart/priced-cart";
import { refuseCheckout } from "../checkout.refusals";
import { returnUrlPlace, tokenPlace } from "./payment-places";

/**
 * What is kept of how the buyer wants to pay: the provider's handle, its token, whether the account keeps it, whether the money is taken at
 * once, and where the buyer comes back to.
 */
export type StoredPaymentAsk = {
  provider: string;
  token: string;
  save: boolean;
  capture: boolean;
  returnUrl: string | null;
};

/** Everything an order is written from, with its ids given and its personal data sealed for the order's own place. */
export function orderRows(vault: Vault, cart: PricedCart, payment: StoredPaymentAsk) {
  const key = cart.dataKey;
  if (!key) throw refuseCheckout("ADDRESS_MISSING", "cartId"); // nobody has entered anything yet
  const orderUuid = cart.orderUuid ?? newId();
  const [paymentUuid, operationUuid] = [newId(), newId()];
  const lines = cart.lines.map((line, index) => ({ ...line, id: newId(), position: index }));
  return {
    orderUuid,
    paymentUuid,
    operationUuid,
    /** Unique for all time at the provider, and known here before it is asked */
    providerKey: toId("payop", operationUuid),
    orderEventUuid: newId(),
    outboxUuid: newId(),
    dataKeyUuid: key.id,
    ...sealPerson(vault, key, cart, orderUuid),
    provider: payment.provider,
    tokenCipher: vault.seal(key, tokenPlace(paymentUuid), payment.token),
    returnUrlCipher:
      payment.returnUrl === null ? null : vault.seal(key, returnUrlPlace(paymentUuid), payment.returnUrl),
    save: payment.save,
    capture: payment.capture,
    lines: JSON.stringify(lines.map(lineRow)),
    variantUuids: lines.map((line) => line.variantUuid),
    adjustments: JSON.stringify(
      cart.adjustments.map(({ lineUuid, rate, base, amount, ...adjustment }) => ({
        ...adjustment,
        id: newId(),
        order_line_id: lines.find((line) => line.uuid === lineUuid)?.id ?? null,
        rate,
        base: base?.toString() ?? null,
        amount: amount.toString(),
      })),
    ),
  };
}
export type OrderRows = ReturnType<typeof orderRows>;

/** Columns as SQL calls them; amounts as text, because JSON numbers are no bigints. */
const lineRow = (line: PricedCart["lines"][number] & { id: string; position: number }) => ({
  id: line.id,
  reservation_id: newId(),
  movement_id: newId(),
  position: line.position,
  variant_id: line.variantUuid,
  title: line.title,
  sku: line.sku,
  quantity: line.quantity,
  unit_amount: line.unitAmount.toString(),
  total: line.total.toString(),
});

/** A ciphertext is bound to its place: the cart's would not open as the order's. */
function sealPerson(vault: Vault, key: DataKeyRow, cart: PricedCart, orderUuid: string) {
  const seal = (column: Parameters<typeof orderPlace>[0], value: object | string | null) =>
    value === null
      ? null
      : vault.seal(
          key,
          orderPlace(column, orderUuid),
          typeof value === "string" ? value : JSON.stringify(value),
        );
  return {
    emailCipher: seal("email", cart.email),
    emailIndex: cart.email === null ? null : vault.blindIndex("email", cart.email),
    shippingCipher: seal("shipping", cart.shippingAddress),
    billingCipher: seal("billing", cart.billingAddress),
  };
}
