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
  const { orderUuid, status, cart, held } = books;
  if (status === "OPEN" || status === "COMPLETED" || books.operations.some(paysToo(books, paymentUuid)))
    return { reason: "surplus", surplus: true };
  // A cart that was merged lives on in another one: who filled it may have paid for the goods there.
  if (status === "CANCELLED" || cart !== "ACTIVE") return { reason: "late", surplus: false };
  const paying = books.operations.filter(
    (one) => one.paymentUuid === paymentUuid && one.kind === "AUTHORIZE",
  );
  if (!paying.some(({ fits }) => fits)) return { reason: "late", surplus: true };
  if (paying.some(({ status, createdAt }) => status === "FAILED" && createdAt < later(at, -LATEST_MS)))
    return { reason: "late", surplus: false };
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
