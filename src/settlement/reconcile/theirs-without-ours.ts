import { isOpen, type PaymentProvider, type ProviderMovement } from "../../payments";
import { later, MINUTE } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import { type Drift, NOTHING, sumOf } from "./drift";
import { findOurs, type OurOperation } from "./our-operations";
import { type Span, untilStopped } from "./span";
import { takeLateMoney } from "./take-late-money";

const A_BATCH = 500;
/** What we still wait to hear of may take this long; the sweep asks meanwhile. */
const UNDER_WAY_MS = 10 * MINUTE;

/**
 * What moved in a provider's books from one moment to another, the second left out, and is not in ours, or otherwise. A movement is ours by the
 * key it was asked with and its kind: a payment that was taken at once is an AUTHORIZE and a CAPTURE with one key, like ours. Where the
 * provider names no key, by its reference. Money for an attempt that had failed here is taken in first.
 */
export async function* theirsWithoutOurs(
  platform: Platform,
  provider: PaymentProvider,
  { from, to, stopping }: Span,
): AsyncGenerator<Drift> {
  for await (const movements of batchesOf(untilStopped(provider.movements(from, to), stopping))) {
    let ours = await findOurs(platform.db, provider.handle, movements);
    const { taken, nothingLeft } = await takeLateMoney(platform, movements, ours, stopping);
    if (taken) ours = await findOurs(platform.db, provider.handle, movements);
    const known = indexOf(ours);
    for (const movement of movements) {
      const key = movement.key ?? ours.find(({ reference }) => reference === movement.reference)?.key;
      if (key !== undefined && nothingLeft.has(key)) continue;
      const drift = compare(provider.handle, movement, known, later(platform.clock.now(), -UNDER_WAY_MS));
      if (drift) yield drift;
    }
  }
}

async function* batchesOf(movements: AsyncIterable<ProviderMovement>): AsyncGenerator<ProviderMovement[]> {
  let batch: ProviderMovement[] = [];
  for await (const movement of movements) {
    if (batch.push(movement) < A_BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Ours by the key they were asked with, and by the provider's name for them. */
function indexOf(ours: OurOperation[]): Map<string, OurOperation[]> {
  const known = new Map<string, OurOperation[]>();
  const add = (name: string, one: OurOperation) => known.set(name, [...(known.get(name) ?? []), one]);
  for (const one of ours) {
    add(`key ${one.key}`, one);
    if (one.reference !== null) add(`reference ${one.reference}`, one);
  }
  return known;
}

function compare(
  provider: string,
  movement: ProviderMovement,
  known: Map<string, OurOperation[]>,
  underWaySince: Date,
): Drift | null {
  const { key, kind, reference, at } = movement;
  const related = known.get(key === null ? `reference ${reference}` : `key ${key}`) ?? [];
  const same = related.filter((one) => one.kind === kind);
  const done = same.find(({ status }) => status === "SUCCEEDED");
  if (done && done.amount === movement.amount && done.currency === movement.currency) return null;
  if (!done && at > underWaySince && related.some(({ status }) => isOpen(status))) return null;
  const ours = done ?? same[0];
  return {
    ...{ provider, kind, key, reference, orderNumber: related[0]?.orderNumber ?? null },
    theirs: sumOf(movement),
    ours: done ? sumOf(done) : ours ? ours.status : NOTHING,
  };
}
