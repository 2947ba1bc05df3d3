import { askOperation, callOffOperation } from "../checkout";
import { type Books, isOpen, LEASE_MS, leftOf, openBooks, openOperation, theOrder } from "../payments";
import { later } from "../platform/clock";
import { type Context, isStaff, signedIn } from "../platform/context";
import { type Tx, transact } from "../platform/database";
import { idempotent } from "../platform/idempotency";
import { readId } from "../platform/ids";
import { Refusal } from "../platform/refusal";
import { writeCancellation } from "./cancel-order.sql";
import { readReason } from "./read-reason";
import { refuseOrder } from "./settlement.refusals";
import type { CancelOrderInput } from "./settlement.types";

/** What a transaction that cancels came to: who is still in its way (an attempt that waits for its buyer), or what to ask providers for. */
type Progress = { inTheWay: string | null; opened: string[] };

/**
 * Cancels an order for its owner or staff, at most once for an Idempotency-Key: in one transaction it is CANCELLED, its stock is free, its
 * cart closed, and a void or refund is written for all that was authorised or captured; then the providers are asked. Whatever they say, the
 * order stays CANCELLED, and what they left unanswered is settled later. An attempt to pay that waits for its buyer is called off first.
 * @returns the order's uuid
 * @throws ORDER_NOT_FOUND (also for somebody else's), REASON_INVALID, WRONG_STATE when it is neither PENDING nor OPEN, something of it was
 * shipped, or its provider is being asked something; IDEMPOTENCY_KEY_REUSED
 */
export async function cancelOrder(ctx: Context, input: CancelOrderInput): Promise<string> {
  const orderUuid = readId("order", input.orderId);
  if (orderUuid === null) throw refuseOrder("ORDER_NOT_FOUND", "orderId");
  const ask = { actor: signedIn(ctx).accountId, operation: "cancelOrder", input };
  for (let calledOff: string | null = null; ; ) {
    const progress: Progress = { inTheWay: null, opened: [] };
    try {
      await idempotent(ctx, ask, (sql) =>
        transact(sql, async (tx) => {
          await cancel(ctx, tx, orderUuid, input, progress);
          return { orderUuid };
        }),
      );
      await ctx.reached("order.cancelled");
      for (const operationUuid of progress.opened) await askOperation(ctx, operationUuid);
      return orderUuid;
    } catch (error) {
      const { inTheWay } = progress;
      if (!(error instanceof Refusal) || inTheWay === null || inTheWay === calledOff) throw error;
      calledOff = inTheWay;
      await callOffOperation(ctx, inTheWay);
    }
  }
}

async function cancel(
  ctx: Context,
  tx: Tx,
  orderUuid: string,
  input: CancelOrderInput,
  progress: Progress,
): Promise<void> {
  const reason = readReason(input.reason);
  if (reason === undefined) throw refuseOrder("REASON_INVALID", "reason");
  const books = (await isTheirs(ctx, tx, orderUuid)) ? await openBooks(tx, theOrder(orderUuid)) : null;
  if (!books) throw refuseOrder("ORDER_NOT_FOUND", "orderId");
  progress.inTheWay = waitsForBuyer(books);
  if (progress.inTheWay !== null || !(await canBeCancelled(tx, books)))
    throw refuseOrder("WRONG_STATE", "orderId");
  const at = ctx.clock.now();
  await writeCancellation(tx, at, orderUuid, reason);
  progress.opened = await openReturns(tx, at, books);
  await ctx.reached("order.cancelling");
}

/** Asked again under each lock: somebody else's order and none look the same from outside. */
async function isTheirs(ctx: Context, tx: Tx, id: string): Promise<boolean> {
  const owner = isStaff(ctx) ? {} : { accountId: signedIn(ctx).accountId };
  return (await tx.order.count({ where: { id, ...owner } })) === 1;
}

/** The attempt that alone stands in the way, when it waits for its buyer. */
function waitsForBuyer({ status, operations }: Books): string | null {
  const [first, ...others] = operations.filter((one) => isOpen(one.status));
  const waits = status === "PENDING" && first?.status === "ACTION_REQUIRED" && others.length === 0;
  return waits ? first.uuid : null;
}

async function canBeCancelled(tx: Tx, { orderUuid, status, operations }: Books): Promise<boolean> {
  if (status !== "PENDING" && status !== "OPEN") return false;
  if (operations.some((one) => isOpen(one.status))) return false;
  return (await tx.reservation.count({ where: { orderId: orderUuid, state: "CONSUMED" } })) === 0;
}

/** Opens a void for all that is authorised and a refund for all that is captured, of every payment. @returns the operations */
async function openReturns(tx: Tx, at: Date, books: Books): Promise<string[]> {
  const payments = [...new Set(books.operations.map(({ paymentUuid }) => paymentUuid))];
  const wanted = payments.flatMap((paymentUuid) => {
    const { authorized, captured } = leftOf(books, paymentUuid);
    return [
      { paymentUuid, kind: "VOID" as const, amount: authorized },
      { paymentUuid, kind: "REFUND" as const, amount: captured },
    ].filter(({ amount }) => amount > 0n);
  });
  const opened: string[] = [];
  for (const one of wanted)
    opened.push(
      await openOperation(tx, at, books, {
        ...one,
        leaseUntil: later(at, LEASE_MS),
        reason: "cancelled",
      }),
    );
  return opened;
}
