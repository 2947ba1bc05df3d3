import type { LedgerAccountType, PaymentOperationKind } from "../generated/prisma/enums";
import { newId } from "../platform/ids";
import { type Earnings, splitCapture, splitRefund } from "./earnings";

/** Debits are positive, credits negative; minor units. */
export type Entry = { account: LedgerAccountType; amount: bigint };
/** What an order's earlier operations and its totals say about the next posting. */
export type Standing = { order: Earnings; captured: Earnings; refunded: Earnings };

/**
 * The entries of a succeeded operation; they sum to 0. An authorisation is a memo; a capture releases as much of it, takes the money
 * in at the provider and earns it; a refund is the capture's reverse, though nothing is authorised again by it.
 */
export function entriesOf(
  kind: PaymentOperationKind,
  amount: bigint,
  { order, captured, refunded }: Standing,
): Entry[] {
  switch (kind) {
    case "AUTHORIZE":
      return memo(amount);
    case "VOID":
      return memo(-amount);
    case "CAPTURE": {
      const earned = credits(splitCapture(amount, order, captured, refunded));
      return [...memo(-amount), { account: "PROVIDER_CLEARING", amount }, ...earned];
    }
    case "REFUND": {
      const returned = credits(splitRefund(amount, captured, refunded));
      return [{ account: "PROVIDER_CLEARING", amount: -amount }, ...returned.map(reverse)];
    }
  }
}

const memo = (amount: bigint): Entry[] => [
  { account: "AUTHORIZED", amount },
  { account: "AUTHORIZED_CONTRA", amount: -amount },
];

const credits = (earnings: Earnings): Entry[] =>
  Object.entries(earnings)
    .map(([account, amount]) => ({ account: account as keyof Earnings, amount: -amount }))
    .filter(({ amount }) => amount !== 0n);

const reverse = ({ account, amount }: Entry): Entry => ({ account, amount: -amount });

/** The rows of one ledger transaction, as SQL calls their columns; amounts as text, because JSON numbers are no bigints. */
export function ledgerRows(operationUuid: string, currency: string, entries: Entry[]) {
  const transaction = { id: newId(), operation_id: operationUuid };
  return {
    transaction,
    entries: entries.map(({ account, amount }) => ({
      id: newId(),
      transaction_id: transaction.id,
      account_type: account,
      currency,
      amount: amount.toString(),
    })),
  };
}
