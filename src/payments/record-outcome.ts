import type { PaymentOperationKind, PaymentOperationStatus, PaymentStatus } from "../generated/prisma/enums";
import type { Tx } from "../platform/database";
import { newId } from "../platform/ids";
import { type Books, openBooks } from "./books";
import { type Entry, entriesOf, ledgerRows } from "./ledger";
import { eventOf, operationSteps } from "./payment.machine";
import { projectPaymentStatus } from "./payment-status";
import type { ProviderOutcome } from "./provider";
import { writeOutcome } from "./record-outcome.sql";

/** Where an operation is now. `moved` is false when the operation was settled before, or nothing new was heard of it. */
export type Recorded = {
  moved: boolean;
  orderUuid: string;
  status: PaymentOperationStatus;
  paymentStatus: PaymentStatus;
};

/**
 * The one writer of an operation's outcome: moves it as the machine allows, posts what succeeded to the ledger (also the capture that
 * came with an authorisation, as an operation of its own), projects the order's payment status and writes the events. Repeatable: the
 * second caller changes nothing. Locks the order's row until `tx` ends.
 */
export async function recordOutcome(
  tx: Tx,
  at: Date,
  operationUuid: string,
  outcome: ProviderOutcome,
): Promise<Recorded> {
  const books = await openBooks(tx, operationUuid);
  const { orderUuid, paymentStatus } = books;
  const operation = books.operations.find(({ uuid }) => uuid === operationUuid);
  if (!operation) throw new Error("No such payment operation");
  const to = operationSteps[operation.status][eventOf[outcome.status]];
  if (!to) return { moved: false, orderUuid, status: operation.status, paymentStatus };

  const capture = to === "SUCCEEDED" && operation.kind === "AUTHORIZE" && outcome.captured;
  const captureUuid = capture ? newId() : null;
  const after = books.operations.map((one) => (one === operation ? { ...one, status: to } : one));
  if (captureUuid)
    after.push({ uuid: captureUuid, kind: "CAPTURE", status: "SUCCEEDED", amount: operation.amount });
  const projected = projectPaymentStatus(books.total, after);

  await writeOutcome(tx, at, {
    operationUuid,
    from: operation.status,
    to,
    captureUuid,
    outcome,
    paymentStatus: projected,
    currency: books.currency,
    ledger: to === "SUCCEEDED" ? post(books, operation, captureUuid) : [],
    events: [eventType(operation.kind, to), ...(capture ? [eventType("CAPTURE", "SUCCEEDED")] : [])],
  });
  return { moved: true, orderUuid, status: to, paymentStatus: projected };
}

function post(books: Books, { uuid, kind, amount }: Books["operations"][number], captureUuid: string | null) {
  const rows = (operation: string, entries: Entry[]) => ledgerRows(operation, books.currency, entries);
  const posted = [rows(uuid, entriesOf(kind, amount, books.standing))];
  if (captureUuid) posted.push(rows(captureUuid, entriesOf("CAPTURE", amount, books.standing)));
  return posted;
}

const DONE: Record<PaymentOperationKind, string> = {
  AUTHORIZE: "payment.authorized",
  CAPTURE: "payment.captured",
  VOID: "payment.voided",
  REFUND: "payment.refunded",
};

/** What the feed calls an operation's step. */
const eventType = (kind: PaymentOperationKind, to: PaymentOperationStatus) =>
  to === "SUCCEEDED" ? DONE[kind] : `payment.${kind}_${to}`.toLowerCase();
