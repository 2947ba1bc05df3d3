import { type Books, booksOf } from "../../payments";
import type { PricedCart } from "../cart/priced-cart";
import type { OrderRows } from "./place-order.rows";

/** The books of an order that was never placed before, and whose payment's method is not kept, as they are when it has just been placed. */
export function placedBooks(cart: PricedCart, rows: OrderRows, at: Date): Books {
  const { currency, totals, adjustments } = cart;
  const { subtotal, discount, shipping, tax, taxIncluded, total } = totals;
  const shippingTaxes = adjustments.filter(({ kind, lineUuid }) => kind === "TAX" && lineUuid === null);
  return booksOf({
    ...{ orderUuid: rows.orderUuid, status: "PENDING", paymentStatus: "PROCESSING", cart: "ACTIVE" },
    ...{ currency, taxIncluded, held: true, posted: [] },
    ...{ subtotal: Number(subtotal), discount: Number(discount), shipping: Number(shipping) },
    ...{ tax: Number(tax), total: Number(total) },
    shippingTax: shippingTaxes.reduce((sum, { amount }) => sum + Number(amount), 0),
    operations: [
      {
        ...{ uuid: rows.operationUuid, paymentUuid: rows.paymentUuid, key: rows.providerKey },
        ...{ kind: "AUTHORIZE", status: "PENDING", amount: Number(total), currency },
        ...{ surplus: false, restock: false, fits: true, saves: false },
        createdAt: at.toISOString(),
      },
    ],
  });
}
