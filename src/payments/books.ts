import type {
  LedgerAccountType,
  PaymentOperationKind,
  PaymentOperationStatus,
  PaymentStatus,
} from "../generated/prisma/enums";
import type { Tx } from "../platform/database";
import { earningsOf, type OrderAmounts, postedBy } from "./earnings";
import type { Standing } from "./ledger";
import type { OperationFact } from "./payment-status";

type StoredOperation = {
  uuid: string;
  kind: PaymentOperationKind;
  status: PaymentOperationStatus;
  amount: number;
};
type StoredPosting = { kind: PaymentOperationKind; account: LedgerAccountType; amount: number };
type Stored = Omit<OrderAmounts, "shippingTax"> & {
  orderUuid: string;
  currency: string;
  total: bigint;
  paymentStatus: PaymentStatus;
  shippingTax: bigint;
  operations: StoredOperation[];
  posted: StoredPosting[];
};

/** All that has happened to an order's money. Amounts in minor units of `currency`; `operations` are oldest first. */
export type Books = {
  orderUuid: string;
  currency: string;
  total: bigint;
  paymentStatus: PaymentStatus;
  operations: (OperationFact & { uuid: string })[];
  standing: Standing;
};

/**
 * Opens the books of the order that an operation belongs to: locks the order's row until the transaction ends, so that nobody else
 * writes in them meanwhile, then reads. @throws when there is no such operation
 */
export async function openBooks(tx: Tx, operationUuid: string): Promise<Books> {
  // A statement of its own: what waited for the lock would still see the books as they were before.
  await tx.$queryRaw`
    SELECT id FROM orders WHERE id = (SELECT order_id FROM payment_operations WHERE id = ${operationUuid}::uuid) FOR NO KEY UPDATE`;
  const [stored] = await tx.$queryRaw<Stored[]>`
    SELECT o.id AS "orderUuid", o.currency::text, o.subtotal, o.discount, o.shipping, o.tax, o.total, o.tax_included AS "taxIncluded",
      o.payment_status::text AS "paymentStatus",
      coalesce((SELECT sum(a.amount) FROM adjustments a
        WHERE a.order_id = o.id AND a.kind = 'TAX' AND a.order_line_id IS NULL), 0)::bigint AS "shippingTax",
      (SELECT json_agg(row_to_json(operation)) FROM (
        SELECT op.id AS "uuid", op.kind, op.status, op.amount FROM payment_operations op
        WHERE op.order_id = o.id ORDER BY op.created_at, op.id) operation) AS "operations",
      coalesce((SELECT json_agg(row_to_json(posting)) FROM (
        SELECT op.kind, e.account_type AS "account", sum(e.amount)::bigint AS "amount"
        FROM ledger_transactions t JOIN payment_operations op ON op.id = t.operation_id JOIN ledger_entries e ON e.transaction_id = t.id
        WHERE t.order_id = o.id GROUP BY op.kind, e.account_type) posting), '[]') AS "posted"
    FROM orders o JOIN payment_operations asked ON asked.order_id = o.id WHERE asked.id = ${operationUuid}::uuid`;
  if (!stored) throw new Error("No such payment operation");
  const { orderUuid, currency, total, paymentStatus, operations } = stored;
  const posted = stored.posted.map((posting) => ({ ...posting, amount: BigInt(posting.amount) }));
  return {
    orderUuid,
    currency,
    total,
    paymentStatus,
    operations: operations.map((operation) => ({ ...operation, amount: BigInt(operation.amount) })),
    standing: {
      order: earningsOf(stored),
      captured: postedBy("CAPTURE", posted),
      refunded: postedBy("REFUND", posted),
    },
  };
}
