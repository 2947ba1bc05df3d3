import { askOperation, type KeyedRequest, type OperationOutcome, replayRequest } from "../checkout";
import {
  type Books,
  isOpen,
  LEASE_MS,
  leftOf,
  type NewOperation,
  openBooks,
  openOperation,
  orderOfPayment,
} from "../payments";
import { later } from "../platform/clock";
import { type Context, signedIn } from "../platform/context";
import { type Tx, transact } from "../platform/database";
import { topLevelError } from "../platform/errors";
import { hashInput, requireKey } from "../platform/idempotency";
import { readId } from "../platform/ids";
import { refusePayment } from "./settlement.refusals";

/** A payment as its order's locked books have it; what is left of it in minor units of `currency`. */
export type PaymentStanding = ReturnType<typeof leftOf> & {
  currency: string;
  orderStatus: Books["status"];
  /** Whether the authorisation itself is still being asked for */
  authorizing: boolean;
  /** Whether another payment is the order's */
  surplus: boolean;
};
/** What is to be done with a payment, minor units of its currency. */
export type FollowUp = Omit<NewOperation, "paymentUuid" | "leaseUntil">;

/**
 * Captures, voids or refunds a payment, once for an Idempotency-Key of the signed-in account: the operation is written together with the
 * key under the order's lock, then the provider is asked outside of any transaction. `plan` looks at the payment as it is under the lock
 * and says what to do, or refuses; nothing was written then. What the provider left unanswered is settled later.
 * @returns ids of what there is now, the same when asked again with the key; PROVIDER_REFUSED is an outcome, not an exception
 * @throws IDEMPOTENCY_KEY_MISSING, _REUSED, _IN_USE, PAYMENT_NOT_FOUND, or what `plan` refuses
 */
export async function followUpPayment(
  ctx: Context,
  operation: string,
  input: { paymentId: string },
  plan: (payment: PaymentStanding) => FollowUp,
): Promise<OperationOutcome> {
  const request = { actor: signedIn(ctx).accountId, key: requireKey(ctx), inputHash: hashInput(ctx, input) };
  const paymentUuid = readId("pay", input.paymentId);
  if (paymentUuid === null) throw refusePayment("PAYMENT_NOT_FOUND", "paymentId");
  const opened = await transact(ctx.db, async (tx) => {
    const at = ctx.clock.now();
    const leaseUntil = later(at, LEASE_MS);
    if (!(await claimKey(tx, operation, request, at, leaseUntil))) return null;
    const books = await openBooks(tx, orderOfPayment(paymentUuid));
    if (!books) throw refusePayment("PAYMENT_NOT_FOUND", "paymentId");
    const wanted = plan(standingOf(books, paymentUuid));
    const operationId = await openOperation(tx, at, books, { ...wanted, paymentUuid, leaseUntil });
    const { actor, key } = request;
    await tx.idempotencyRecord.update({
      where: { actor_key: { actor, key } },
      data: { outcome: { operationId } },
    });
    return operationId;
  });
  if (opened !== null) return askOperation(ctx, opened);
  const known = await replayRequest(ctx, operation, request);
  if (!known) throw topLevelError("IDEMPOTENCY_KEY_IN_USE");
  return known;
}

/** Whether the key is this request's. Another one with the key waits here for the first one's transaction, then finds its record. */
async function claimKey(tx: Tx, operation: string, request: KeyedRequest, createdAt: Date, leaseUntil: Date) {
  const claimed = await tx.idempotencyRecord.createMany({
    data: [{ ...request, operation, state: "RUNNING", leaseUntil, createdAt }],
    skipDuplicates: true,
  });
  return claimed.count === 1;
}

function standingOf(books: Books, paymentUuid: string): PaymentStanding {
  const own = books.operations.filter((one) => one.paymentUuid === paymentUuid);
  return {
    ...leftOf(books, paymentUuid),
    currency: own[0]?.currency ?? books.currency, // an order that was declined may have been priced anew in another one
    orderStatus: books.status,
    authorizing: own.some(({ kind, status }) => kind === "AUTHORIZE" && isOpen(status)),
    surplus: own.some(({ surplus }) => surplus),
  };
}
