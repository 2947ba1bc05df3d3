import type { PaymentOperationKind } from "../generated/prisma/enums";
import type { Tx } from "../platform/database";
import { newId, toId } from "../platform/ids";
import { type Books, statusOf } from "./books";
import { eventType } from "./event-type";
import type { OperationReason } from "./operation-reason";

export type NewOperation = {
  paymentUuid: string;
  kind: Exclude<PaymentOperationKind, "AUTHORIZE">;
  /** Minor units of the books' currency */
  amount: bigint;
  /** Until then the caller asks the provider himself; now: whoever looks for what is due */
  leaseUntil: Date;
  /** Of a refund: the order's goods go back into stock when it succeeds */
  restock?: boolean;
  reason?: OperationReason;
  /** Why, in words of staff for staff; in the place of a reason */
  note?: string | null;
};

/**
 * Opens a capture, void or refund: PENDING with the key that the provider will be asked with, in the books that the caller has locked
 * and looked into (leftOf). The payment's CHECKs stand behind that look. @returns the operation's uuid
 */
export async function openOperation(tx: Tx, at: Date, books: Books, ask: NewOperation): Promise<string> {
  const { paymentUuid, kind, amount, leaseUntil, restock = false, note = null, reason = note } = ask;
  const [uuid, status] = [newId(), "PENDING" as const];
  const surplus = books.operations.some((one) => one.paymentUuid === paymentUuid && one.surplus);
  const paymentStatus = statusOf(books, [...books.operations, { kind, status, amount, surplus }]);
  await tx.$executeRaw`
    WITH opened AS (
      INSERT INTO payment_operations (id, payment_id, order_id, provider, kind, status, amount, currency, idempotency_key, restock, reason,
        lease_until, created_at, updated_at)
      SELECT ${uuid}::uuid, id, order_id, provider, ${kind}::payment_operation_kind, ${status}::payment_operation_status,
        ${amount}::bigint, currency, ${toId("payop", uuid)}, ${restock}, ${reason}, ${leaseUntil}::timestamptz, ${at}::timestamptz,
        ${at}::timestamptz
      FROM payments WHERE id = ${paymentUuid}::uuid
    ), projected AS (
      UPDATE orders SET payment_status = ${paymentStatus}::payment_status, updated_at = ${at}::timestamptz
      WHERE id = ${books.orderUuid}::uuid
    )
    INSERT INTO outbox_events (id, type, subject_type, subject_id, data, created_at)
    VALUES (${newId()}::uuid, ${eventType(kind, status)}, 'payment', ${paymentUuid}::uuid,
      jsonb_build_object('orderId', ${books.orderUuid}::text, 'operationId', ${uuid}::text), ${at}::timestamptz)`;
  return uuid;
}
