import type { PaymentOperationKind } from "../../generated/prisma/enums";

/** A movement that a provider's books and ours do not agree upon. */
export type Drift = {
  provider: string;
  kind: PaymentOperationKind;
  /** The key it was asked with; null for what was done at the provider itself */
  key: string | null;
  /** The provider's name for it, where there is one */
  reference: string | null;
  /** Of the order whose payment it is, as far as we know it */
  orderNumber: string | null;
  /** What each has; minor units */
  theirs: string;
  ours: string;
};

export const NOTHING = "nothing";

/** A sum of minor units, as a person reads it in a drift. */
export const sumOf = ({ amount, currency }: { amount: bigint; currency: string }) => `${amount} ${currency}`;

/** One line that says it. */
export function describeDrift({ provider, kind, key, reference, orderNumber, theirs, ours }: Drift): string {
  const order = orderNumber === null ? "" : ` of order ${orderNumber}`;
  return `${provider} ${kind} ${key ?? reference}${order}: theirs ${theirs}, ours ${ours}`;
}
