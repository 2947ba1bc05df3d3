import type { CartState } from "../../generated/prisma/enums";
import { type Books, isOpen, leftOf } from "../../payments";
import { DAY, later } from "../../platform/clock";
import type { Tx } from "../../platform/database";
import { secureStock } from "./secure-stock";

/** Money for an attempt that failed and began longer ago buys nothing: who can still confirm it at the provider would keep its price for ever. */
const LATEST_MS = 3 * DAY;

/** Why money that has come buys nothing and is given back. */
export type Returned = {
  /** Kept as the reason of the void or refund */
  reason: "surplus" | "late" | "out_of_stock";
  /** It is not what the order is paid with: its payment status leaves it out */
  surplus: boolean;
};

/**
 * Whether money that has come can buy what it was for; its stock is the order's then. `books` are locked, as they were before it came.
 * @returns null when it can
 */
export async function judgeMoney(
  tx: Tx,
  at: Date,
  books: Books,
  paymentUuid: string,
): Promise<Returned | null> {
  const { orderUuid, status } = books;
  if (status === "OPEN" || status === "COMPLETED" || books.operations.some(paysToo(books, paymentUuid)))
    return { reason: "surplus", surplus: true };
  const { cart, fits, held, stale } = await readCase(tx, at, paymentUuid);
  // A cart that was merged lives on in another one: who filled it may have paid for the goods there.
  if (status === "CANCELLED" || cart !== "ACTIVE") return { reason: "late", surplus: false };
  if (!fits) return { reason: "late", surplus: true };
  if (stale) return { reason: "late", surplus: false };
  if (held || (await secureStock(tx, at, orderUuid))) return null;
  return { reason: "out_of_stock", surplus: false };
}

/** Another attempt pays for the order, or may yet. */
const paysToo =
  (books: Books, paymentUuid: string) =>
  (one: Books["operations"][number]): boolean => {
    if (one.paymentUuid === paymentUuid || one.kind !== "AUTHORIZE") return false;
    const { authorized, captured } = leftOf(books, one.paymentUuid);
    return isOpen(one.status) || (!one.surplus && (authorized > 0n || captured > 0n));
  };

type Case = { cart: CartState; fits: boolean; held: boolean; stale: boolean };

/** The rest of what decides: the cart, whether the payment is of what the order costs now, whether its goods are held, whether it comes days late. */
async function readCase(tx: Tx, at: Date, paymentUuid: string): Promise<Case> {
  const [found] = await tx.$queryRaw<[Case]>`
    SELECT c.state::text AS cart, p.amount = o.total AND p.currency = o.currency AS fits,
      EXISTS (SELECT FROM reservations r WHERE r.order_id = o.id AND r.state = 'HELD') AS held,
      EXISTS (SELECT FROM payment_operations op WHERE op.payment_id = p.id AND op.kind = 'AUTHORIZE' AND op.status = 'FAILED'
        AND op.created_at < ${later(at, -LATEST_MS)}::timestamptz) AS stale
    FROM payments p JOIN orders o ON o.id = p.order_id JOIN carts c ON c.id = o.cart_id WHERE p.id = ${paymentUuid}::uuid`;
  return found;
}
