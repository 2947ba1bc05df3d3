import type { PaymentOperationKind, PaymentOperationStatus, PaymentStatus } from "../generated/prisma/enums";
import { later } from "../platform/clock";
import { newId } from "../platform/ids";
import { unknownOutcome } from "./ask-provider";
import { type BookedOperation, type Books, leftOf, statusOf } from "./books";
import { eventType } from "./event-type";
import { HOLD_MS, LEASE_MS } from "./leases";
import { entriesOf, ledgerRows } from "./ledger";
import type { OperationReason } from "./operation-reason";
import { eventOf, operationSteps } from "./payment.machine";
import type { ProviderOutcome } from "./provider-outcome";
import type { OutcomeRows } from "./record-outcome.sql";

/** Where an operation is with its outcome, and its order's books as they were before. */
export type Recorded = {
  /** False when the operation was settled before, or nothing new was heard of it */
  moved: boolean;
  /** Money came for an authorisation that had failed: it is booked as one of its own, and has to be used or given back */
  late: boolean;
  /** An authorisation has ended at the provider before all of it was captured */
  lapsed: boolean;
  paymentUuid: string;
  kind: PaymentOperationKind;
  status: PaymentOperationStatus;
  paymentStatus: PaymentStatus;
  restock: boolean;
  /** The order's account wants to keep the payment's method */
  saves: boolean;
  books: Books;
};

/** An operation that comes with another one's outcome: it has succeeded already. */
type Added = {
  uuid: string;
  kind: PaymentOperationKind;
  amount: bigint;
  key: string;
  reason: OperationReason | null;
};

/**
 * What a provider's answer makes of an operation in its order's books: where it is then, what is posted to the ledger (also for what came with
 * it, as operations of their own), the order's payment status, the events. Writes nothing. @returns rows: null when it is no news
 * @throws when the books don't have the operation
 */
export function weighOutcome(
  books: Books,
  at: Date,
  operationUuid: string,
  heard: ProviderOutcome,
): { recorded: Recorded; rows: OutcomeRows | null } {
  const operation = books.operations.find(({ uuid }) => uuid === operationUuid);
  if (!operation) throw new Error("No such payment operation");
  const outcome = believed(operation, heard);
  const { paymentUuid, kind, restock, saves } = operation;
  const to = operationSteps[operation.status][eventOf[outcome.status]] ?? operation.status;
  const added = addedBy(books, operation, outcome);
  const [late, lapsed] = [
    added.some((one) => one.kind === "AUTHORIZE"),
    operation.status === "SUCCEEDED" && added.length > 0,
  ];
  const known = { paymentUuid, kind, restock, saves, books, late, lapsed };
  if (to === operation.status && added.length === 0)
    return {
      recorded: { ...known, moved: false, status: to, paymentStatus: books.paymentStatus },
      rows: null,
    };

  const now = { ...operation, status: to };
  const settled = added.map((one) => ({ ...operation, ...one, status: "SUCCEEDED" as const }));
  const paymentStatus = statusOf(books, [
    ...books.operations.map((one) => (one === operation ? now : one)),
    ...settled,
  ]);
  const succeeded = to === "SUCCEEDED" && to !== operation.status ? [now, ...settled] : settled;
  const recorded: Recorded = { ...known, moved: true, status: late ? "SUCCEEDED" : to, paymentStatus };
  const rows = {
    operationUuid,
    from: operation.status,
    to,
    leaseUntil: leaseOf(at, operation, to),
    added,
    outcome,
    paymentStatus,
    ledger: post(books, succeeded),
    events: [
      ...(to === operation.status ? [] : [eventType(kind, to)]),
      ...added.map((one) => eventType(one.kind, "SUCCEEDED")),
    ],
  };
  return { recorded, rows };
}

/** Whoever asked keeps an operation that was lost sight of until his lease is over; a buyer has as long as his goods are held. */
function leaseOf(at: Date, { createdAt }: BookedOperation, to: PaymentOperationStatus): Date | null {
  if (to === "ACTION_REQUIRED") return later(createdAt, HOLD_MS);
  return to === "PENDING" ? later(at, LEASE_MS) : null;
}

/** A provider that speaks of other money than it was asked for is not believed: somebody has to look. */
function believed({ amount, currency }: BookedOperation, heard: ProviderOutcome): ProviderOutcome {
  const wrong =
    (heard.amount !== null && heard.amount !== amount) ||
    (heard.currency !== null && heard.currency !== currency);
  return heard.status === "SUCCEEDED" && wrong ? { ...unknownOutcome, reason: "mismatch" } : heard;
}

/** What else has happened with this outcome. Keys are made from the operation's, so that it is booked once. */
function addedBy(books: Books, operation: BookedOperation, outcome: ProviderOutcome): Added[] {
  const { status, kind, amount, key, paymentUuid } = operation;
  const one = (
    more: PaymentOperationKind,
    sum: bigint,
    name: string,
    reason: OperationReason | null = null,
  ) => ({
    ...{ uuid: newId(), kind: more, amount: sum, key: `${key}:${name}`, reason },
  });
  const known = (name: string) => books.operations.some((other) => other.key === `${key}:${name}`);
  const succeeds = outcome.status === "SUCCEEDED" && operationSteps[status].succeed === "SUCCEEDED";
  const { authorized: left, taking } = leftOf(books, paymentUuid);
  if (kind === "AUTHORIZE" && succeeds && outcome.captured) return [one("CAPTURE", amount, "capture")];
  if (kind === "CAPTURE" && succeeds && outcome.released && left > 0n)
    return [one("VOID", left, "released", "released")];
  if (kind === "AUTHORIZE" && status === "FAILED" && outcome.status === "SUCCEEDED" && !known("late"))
    return [
      one("AUTHORIZE", amount, "late", "late"),
      ...(outcome.captured ? [one("CAPTURE", amount, "capture")] : []),
    ];
  const ended =
    outcome.status === "FAILED" && (outcome.reason === "expired" || outcome.reason === "cancelled");
  if (kind === "AUTHORIZE" && status === "SUCCEEDED" && ended && left > 0n && !taking && !known("lapsed"))
    return [one("VOID", left, "lapsed", "expired")];
  return [];
}

/** The ledger's rows for operations that have succeeded just now. */
const post = (books: Books, operations: Pick<BookedOperation, "uuid" | "kind" | "amount" | "currency">[]) =>
  operations.map(({ uuid, kind, amount, currency }) =>
    ledgerRows(uuid, currency, entriesOf(kind, amount, books.standing(currency))),
  );
