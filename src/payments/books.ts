import type { Prisma } from "../generated/prisma/client";
import type {
  LedgerAccountType,
  OrderStatus,
  PaymentOperationKind,
  PaymentOperationStatus,
  PaymentStatus,
} from "../generated/prisma/enums";
import type { Tx } from "../platform/database";
import { earningsOf, NOTHING_EARNED, type OrderAmounts, postedBy } from "./earnings";
import type { Standing } from "./ledger";
import { lockOrder } from "./lock-order";
import { isOpen } from "./payment.machine";
import { type OperationFact, projectPaymentStatus } from "./payment-status";

type StoredOperation = {
  uuid: string;
  paymentUuid: string;
  surplus: boolean;
  kind: PaymentOperationKind;
  status: PaymentOperationStatus;
  amount: number;
  currency: string;
  key: string;
  restock: boolean;
  createdAt: string;
};
type StoredPosting = {
  kind: PaymentOperationKind;
  account: LedgerAccountType;
  currency: string;
  amount: number;
};
type Stored = Omit<OrderAmounts, "shippingTax"> & {
  orderUuid: string;
  status: OrderStatus;
  currency: string;
  total: bigint;
  paymentStatus: PaymentStatus;
  shippingTax: bigint;
  operations: StoredOperation[] | null;
  posted: StoredPosting[];
};

export type BookedOperation = OperationFact &
  Omit<StoredOperation, "amount" | "createdAt"> & { createdAt: Date };

/** All that has happened to an order's money. Amounts in minor units of `currency`; `operations` are oldest first. */
export type Books = {
  orderUuid: string;
  status: OrderStatus;
  currency: string;
  total: bigint;
  paymentStatus: PaymentStatus;
  operations: BookedOperation[];
  /** What was earned so far in a currency: an earlier attempt may have been in another than the order is now, which earns nothing */
  standing: (currency: string) => Standing;
};

/**
 * Opens an order's books: locks the order until the transaction ends, so that nobody else writes in them meanwhile, then reads.
 * Null when there is no such order.
 */
export async function openBooks(tx: Tx, order: Prisma.Sql): Promise<Books | null> {
  await lockOrder(tx, order); // a statement of its own: what waited for the lock would still see the books as they were before
  const [stored] = await tx.$queryRaw<Stored[]>`
    SELECT o.id AS "orderUuid", o.status::text AS "status", o.currency::text, o.subtotal, o.discount, o.shipping, o.tax, o.total,
      o.tax_included AS "taxIncluded", o.payment_status::text AS "paymentStatus",
      coalesce((SELECT sum(a.amount) FROM adjustments a
        WHERE a.order_id = o.id AND a.kind = 'TAX' AND a.order_line_id IS NULL), 0)::bigint AS "shippingTax",
      (SELECT json_agg(row_to_json(operation)) FROM (
        SELECT op.id AS "uuid", op.payment_id AS "paymentUuid", p.surplus, op.kind, op.status, op.amount, op.currency,
          op.idempotency_key AS "key", op.restock, op.created_at AS "createdAt"
        FROM payment_operations op JOIN payments p ON p.id = op.payment_id
        WHERE op.order_id = o.id ORDER BY op.created_at, op.id) operation) AS "operations",
      coalesce((SELECT json_agg(row_to_json(posting)) FROM (
        SELECT op.kind, e.account_type AS "account", e.currency, sum(e.amount)::bigint AS "amount"
        FROM ledger_transactions t JOIN payment_operations op ON op.id = t.operation_id JOIN ledger_entries e ON e.transaction_id = t.id
        WHERE t.order_id = o.id GROUP BY op.kind, e.account_type, e.currency) posting), '[]') AS "posted"
    FROM orders o WHERE o.id = (${order})`;
  if (!stored) return null;
  const { orderUuid, status, currency, total, paymentStatus, operations } = stored;
  return {
    ...{ orderUuid, status, currency, total, paymentStatus },
    operations: (operations ?? []).map((operation) => ({
      ...operation,
      amount: BigInt(operation.amount),
      createdAt: new Date(operation.createdAt),
    })),
    standing: (wanted) => standingOf(stored, wanted),
  };
}

function standingOf(stored: Stored, currency: string): Standing {
  const posted = stored.posted
    .filter((posting) => posting.currency === currency)
    .map((posting) => ({ ...posting, amount: BigInt(posting.amount) }));
  return {
    order: currency === stored.currency ? earningsOf(stored) : NOTHING_EARNED,
    captured: postedBy("CAPTURE", posted),
    refunded: postedBy("REFUND", posted),
  };
}

/** The payment status of an order with these operations; money that was beyond what it costs is not counted. */
export const statusOf = (
  { total }: Pick<Books, "total">,
  operations: (OperationFact & { surplus: boolean })[],
) =>
  projectPaymentStatus(
    total,
    operations.filter(({ surplus }) => !surplus),
  );

/** What can still be done with a payment, less what is under way. Minor units. */
export function leftOf({ operations }: Pick<Books, "operations">, paymentUuid: string) {
  const own = operations.filter((operation) => operation.paymentUuid === paymentUuid);
  const sum = (kinds: PaymentOperationKind[], counts: (status: PaymentOperationStatus) => boolean) =>
    own
      .filter(({ kind, status }) => kinds.includes(kind) && counts(status))
      .reduce((total, { amount }) => total + amount, 0n);
  const done = (status: PaymentOperationStatus) => status === "SUCCEEDED";
  const claimed = (status: PaymentOperationStatus) => done(status) || isOpen(status);
  return {
    /** Authorised, and neither captured nor voided */
    authorized: sum(["AUTHORIZE"], done) - sum(["CAPTURE", "VOID"], claimed),
    /** Captured and not refunded */
    captured: sum(["CAPTURE"], done) - sum(["REFUND"], claimed),
    /** Whether the provider is being asked something of it */
    busy: own.some(({ status }) => isOpen(status)),
    /** Whether a capture or a void is under way: the next one has to wait for what it leaves */
    taking: own.some(({ kind, status }) => (kind === "CAPTURE" || kind === "VOID") && isOpen(status)),
  };
}
