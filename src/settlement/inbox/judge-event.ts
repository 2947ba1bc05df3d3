import type { PaymentOperationKind, PaymentOperationStatus } from "../../generated/prisma/enums";
import type { ProviderEvent, ProviderOutcome } from "../../payments";

/** The operation that an event speaks of, as our books have it. Minor units. */
export type KnownOperation = {
  uuid: string;
  kind: PaymentOperationKind;
  status: PaymentOperationStatus;
  amount: bigint;
  currency: string;
  orderNumber: string;
  /** Of its payment: captured, or being captured */
  taken: bigint;
};

/**
 * What is to be done about an event. act: it is news, and the order moves on by it. ask: only the provider's present answer can tell whether
 * it is. ignore: overtaken by what is known. review: a person has to look.
 */
export type Verdict =
  | { verdict: "act"; outcome: ProviderOutcome }
  | { verdict: "ask" }
  | { verdict: "ignore" | "review"; note: string };

/**
 * Holds what a provider told against our books. `confirmed` is what it answers when it is asked about the operation now; null while it
 * wasn't. The order in which events arrive does not matter: what is settled is moved by nothing older.
 */
export function judgeEvent(
  event: ProviderEvent,
  operation: KnownOperation | null,
  confirmed: ProviderOutcome | null,
): Verdict {
  const { outcome } = event;
  if (!operation) return review("not ours: the shop did not ask for it");
  const difference = differenceOf(event, operation);
  if (difference) return review(`mismatch: ${difference}`);
  if (operation.status === "SUCCEEDED") return afterSuccess(operation, outcome);
  if (operation.status === "FAILED") return afterFailure(operation, outcome, confirmed);
  return { verdict: "act", outcome };
}

const review = (note: string): Verdict => ({ verdict: "review", note });
const OLD_NEWS: Verdict = { verdict: "ignore", note: "overtaken by what was known" };

/** What an event says otherwise than our books, or null. What didn't happen has no amount. */
function differenceOf({ kind, orderNumber, outcome }: ProviderEvent, ours: KnownOperation): string | null {
  const said: [name: string, theirs: unknown, ours: unknown][] = [
    ["kind", kind, ours.kind],
    ["order", orderNumber, ours.orderNumber],
    ["currency", outcome.currency, ours.currency],
    ["amount", outcome.status === "SUCCEEDED" ? outcome.amount : null, ours.amount],
  ];
  const differing = said.filter(([, theirs, known]) => theirs !== null && theirs !== known);
  return differing.map(([name, theirs, known]) => `${name} ${theirs} instead of ${known}`).join(", ") || null;
}

/** An authorisation can end later, and money can be taken from it behind our back; what else has succeeded stays so. */
function afterSuccess({ kind, taken, amount }: KnownOperation, outcome: ProviderOutcome): Verdict {
  const { status, reason, captured } = outcome;
  const done: Verdict = { verdict: "act", outcome };
  if (status === "SUCCEEDED")
    return kind === "AUTHORIZE" && captured && taken === 0n && amount > 0n
      ? review("captured at the provider, not by the shop")
      : done;
  if (status !== "FAILED") return OLD_NEWS;
  if (kind !== "AUTHORIZE") return review("failed after it had succeeded");
  return reason === "expired" || reason === "cancelled" ? done : OLD_NEWS;
}

/**
 * Money for an attempt that had failed may be news or older than the failure: what the provider answers now decides. Nothing else that has
 * failed can succeed later.
 */
function afterFailure(
  { kind }: KnownOperation,
  { status }: ProviderOutcome,
  confirmed: ProviderOutcome | null,
): Verdict {
  if (status !== "SUCCEEDED") return OLD_NEWS;
  if (kind !== "AUTHORIZE") return review("succeeded after it had failed");
  if (!confirmed) return { verdict: "ask" };
  return confirmed.status === "SUCCEEDED" ? { verdict: "act", outcome: confirmed } : OLD_NEWS;
}
