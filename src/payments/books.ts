import type { Prisma } from "../generated/prisma/client";
import type {
  CartState,
  LedgerAccountType,
  OrderStatus,
  PaymentOperationKind,
  PaymentOperationStatus,
  PaymentStatus,
} from "../generated/prisma/enums";
import type { Tx } from "../platform/database";
import { earningsOf, NOTHING_EARNED, type OrderAmounts, postedBy } from "./earnings";
import type { Standing } from "./ledger";
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
  /** Its payment is of what the order costs now */
  fits: boolean;
  /** The order's account wants to keep its payment's method */
  saves: boolean;
};
type StoredPosting = {
  kind: PaymentOperationKind;
  account: LedgerAccountType;
  currency: string;
  amount: number;
};
/** What the SQL function open_books gives; amounts are integers of minor units. */
export type StoredBooks = Record<Exclude<keyof OrderAmounts, "taxIncluded"> | "total", number> & {
  orderUuid: string;
  status: OrderStatus;
  currency: string;
  taxIncluded: boolean;
  paymentStatus: PaymentStatus;
  cart: CartState;
  held: boolean;
  operations: StoredOperation[];
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
  /** Where the cart is that the order was made of */
  cart: CartState;
  /** Whether goods are held for it */
  held: boolean;
  operations: BookedOperation[];
  /** What was earned so far in a currency: an earlier attempt may have been in another than the order is now, which earns nothing */
  standing: (currency: string) => Standing;
};

/**
 * Opens an order's books: locks its cart and the order until the transaction ends, so that nobody else writes in them meanwhile, and reads.
 * Null when there is no such order. One statement.
 */
export async function openBooks(tx: Tx, order: Prisma.Sql): Promise<Books | null> {
  const [{ books: stored }] = await tx.$queryRaw<
    [{ books: StoredBooks | null }]
  >`SELECT open_books((${order})) AS books`;
  return stored && booksOf(stored);
}

/** The books that these rows are. */
export function booksOf(stored: StoredBooks): Books {
  const { orderUuid, status, currency, paymentStatus, cart, held, operations } = stored;
  return {
    ...{ orderUuid, status, currency, paymentStatus, cart, held },
    total: BigInt(stored.total),
    operations: operations.map((operation) => ({
      ...operation,
      amount: BigInt(operation.amount),
      createdAt: new Date(operation.createdAt),
    })),
    standing: (wanted) => standingOf(stored, wanted),
  };
}

function standingOf(stored: StoredBooks, currency: string): Standing {
  const posted = stored.posted
    .filter((posting) => posting.currency === currency)
    .map((posting) => ({ ...posting, amount: BigInt(posting.amount) }));
  return {
    order: currency === stored.currency ? earningsOf(amountsOf(stored)) : NOTHING_EARNED,
    captured: postedBy("CAPTURE", posted),
    refunded: postedBy("REFUND", posted),
  };
}

const amountsOf = ({ taxIncluded, ...stored }: StoredBooks): OrderAmounts => ({
  subtotal: BigInt(stored.subtotal),
  discount: BigInt(stored.discount),
  shipping: BigInt(stored.shipping),
  tax: BigInt(stored.tax),
  shippingTax: BigInt(stored.shippingTax),
  taxIncluded,
});

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
