import type Stripe from "stripe";
import { readId } from "../../platform/ids";
import { fromStripe } from "./amounts";

/** Under these names Stripe's objects remember what they are here. What has no key is not ours. */
export const KEY = "tillgraph_key";
export const ORDER = "tillgraph_order";
/** The last capture or void that was asked of an intent: its kind and key */
const LAST = "tillgraph_last";

/** A name is at most 40 characters long at Stripe; a key of ours has 32. */
const NAME = (key: string) => `capture_${key.slice(-32)}`;

type Marked = Pick<Stripe.PaymentIntent, "id" | "metadata" | "amount_received" | "currency">;
export type OwnCapture = { key: string; amount: bigint };

/** What a capture writes into its intent, in the same call: Stripe has no object for a capture that could be asked for. */
export const captureMark = (key: string, amount: number) => ({
  [NAME(key)]: `${key} ${amount}`,
  [LAST]: `CAPTURE ${key}`,
});
export const voidMark = (key: string) => ({ [LAST]: `VOID ${key}` });

/** The intent's captures that we asked for and that took place. */
export function capturesOf(intent: Marked): OwnCapture[] {
  const marked = Object.entries(intent.metadata).flatMap(([name, value]) => {
    const [, key, amount] = /^(\S+) (\d+)$/.exec(name.startsWith("capture_") ? value : "") ?? [];
    return key && amount ? [{ key, amount: fromStripe(Number(amount), intent.currency) }] : [];
  });
  const sum = marked.reduce((total, { amount }) => total + amount, 0n);
  // More than was received: the last one left its mark, and did not succeed.
  if (sum <= fromStripe(intent.amount_received, intent.currency)) return marked;
  return marked.filter(({ key }) => key !== lastOf(intent)?.key);
}

/** The capture or void that was asked of the intent last. */
export function lastOf({ metadata }: Pick<Marked, "metadata">) {
  const [, kind, key] = /^(CAPTURE|VOID) (\S+)$/.exec(metadata[LAST] ?? "") ?? [];
  return kind && key ? { kind: kind as "CAPTURE" | "VOID", key } : null;
}

/** Captures and voids have no name of their own at Stripe: the intent's and our key. */
export const referenceOf = (intent: string, key: string) => `${intent}:${key}`;

/** When an operation was opened, as its key (a UUIDv7 within) tells; null for other keys. Stripe does not say when it captured. */
export function openedAt(key: string): Date | null {
  const uuid = readId("payop", key);
  return uuid?.[14] === "7" ? new Date(Number.parseInt(uuid.replace("-", "").slice(0, 12), 16)) : null;
}
