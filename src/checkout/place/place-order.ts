import { type Books, HOLD_MS, LEASE_MS } from "../../payments";
import { later } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import type { PricedCart, PricedLine } from "../cart/priced-cart";
import { type OrderRows, orderRows, type StoredPaymentAsk } from "./place-order.rows";
import { writeOrder } from "./place-order.sql";
import { placedBooks } from "./placed-books";
import { isFirst, type KeyedRequest } from "./placing";

type Placed =
  | { result: "PLACED"; attempt: Attempt }
  /** There is too little of these */
  | { result: "SHORT"; lines: PricedLine[] }
  /** The cart changed since it was read, or another checkout of it came first */
  | { result: "MOVED" }
  /** The key has a request already */
  | { result: "KEY_TAKEN" };

/** An attempt to pay: what the provider is asked. Its key is stored with the operation before the provider hears of it. */
export type Attempt = {
  orderUuid: string;
  paymentUuid: string;
  operationUuid: string;
  providerKey: string;
  orderNumber: string;
  /** As they are now that the order is placed; null when there may be more in them, or more is to be done than in others */
  books: Books | null;
};

/**
 * Writes the PENDING order of a cart as it was priced, reserves its stock, opens the payment and claims the request's key: all of
 * it or nothing, in one statement. A cart that was declined before keeps its order, written anew.
 * @throws what lostRace knows when another transaction won; the caller reads the cart again
 */
export async function placeOrder(
  { db, clock, vault }: Pick<Platform, "db" | "clock" | "vault">,
  cart: PricedCart,
  payment: StoredPaymentAsk,
  request: KeyedRequest,
): Promise<Placed> {
  const now = clock.now();
  const rows = orderRows(vault, cart, payment);
  const [leaseUntil, holdUntil] = [later(now, LEASE_MS), later(now, HOLD_MS)];
  const seen = await writeOrder(db, { cart, rows, request, now, leaseUntil, holdUntil });
  if (!seen.current) return { result: "MOVED" };
  if (seen.short.length > 0)
    return { result: "SHORT", lines: cart.lines.filter((line) => seen.short.includes(line.variantUuid)) };
  if (seen.orderNumber === null) return { result: "KEY_TAKEN" };
  return { result: "PLACED", attempt: attemptOf(cart, rows, now, seen.orderNumber) };
}

const attemptOf = (cart: PricedCart, rows: OrderRows, at: Date, orderNumber: string): Attempt => ({
  orderUuid: rows.orderUuid,
  paymentUuid: rows.paymentUuid,
  operationUuid: rows.operationUuid,
  providerKey: rows.providerKey,
  orderNumber,
  // An order that was placed before has a history; a method to be kept takes steps of its own.
  books: isFirst(cart) && !rows.save ? placedBooks(cart, rows, at) : null,
});
