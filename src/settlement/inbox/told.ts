import type { ProviderEvent, ProviderOutcome } from "../../payments";

/**
 * An event as it is kept: ids, amounts and codes, never what a buyer is sent on with. Amounts are text, because JSON has no integers of
 * their size; the method is there until the event was taken into account.
 */
export type Told = Omit<ProviderEvent, "outcome"> & {
  outcome: Omit<ProviderOutcome, "nextAction" | "amount" | "method"> & {
    amount: string | null;
    method?: ProviderOutcome["method"];
  };
};

export function toTold({ key, kind, orderNumber, outcome }: ProviderEvent): Told {
  const { nextAction: _, amount, ...kept } = outcome;
  return { key, kind, orderNumber, outcome: { ...kept, amount: amount === null ? null : amount.toString() } };
}

export function fromTold({ key, kind, orderNumber, outcome }: Told): ProviderEvent {
  const { amount, method = null, ...kept } = outcome;
  const read = { ...kept, method, amount: amount === null ? null : BigInt(amount), nextAction: null };
  return { key, kind, orderNumber, outcome: read };
}
