import type { Tx } from "../platform/database";
import { type Books, statusOf } from "./books";

/**
 * Marks payments as surplus: money that pays for nothing because another attempt does, hence not counted in the order's payment
 * status, which is projected anew. Takes and gives the locked books as they are.
 */
export async function setAside(tx: Tx, books: Books, payments: string[]): Promise<Books> {
  if (payments.length === 0) return books;
  const operations = books.operations.map((one) =>
    payments.includes(one.paymentUuid) ? { ...one, surplus: true } : one,
  );
  const paymentStatus = statusOf(books, operations);
  await tx.$executeRaw`
    WITH marked AS (UPDATE payments SET surplus = true WHERE id = ANY (${payments}::uuid[]))
    UPDATE orders SET payment_status = ${paymentStatus}::payment_status WHERE id = ${books.orderUuid}::uuid`;
  return { ...books, operations, paymentStatus };
}
