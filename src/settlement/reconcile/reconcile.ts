import { settleDueOperations } from "../../checkout";
import type { PaymentProvider } from "../../payments";
import { DAY, later, MINUTE } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import { processReceivedEvents } from "../inbox/process-received-events";
import type { Drift } from "./drift";
import { oursWithoutTheirs } from "./ours-without-theirs";
import type { Span } from "./span";
import { theirsWithoutOurs } from "./theirs-without-ours";

/** What moved just now may not be in both books yet. */
const JUST_NOW_MS = MINUTE;

export type Reconciliation = {
  /** Differences that were told */
  drifts: number;
  /** Providers whose books could not be read */
  unread: string[];
  /** What providers told that waits for a person */
  inReview: number;
};

/**
 * Settles what is due, takes what was received into account, then holds every provider's books of the last days against ours, both ways.
 * `tell` hears of each difference as it is found. Repeatable, and beside a server that sells.
 * @throws the reason of `stopping` when that is aborted, at the next step
 */
export async function reconcile(
  platform: Platform,
  days: number,
  tell: (drift: Drift) => void,
  stopping?: AbortSignal,
): Promise<Reconciliation> {
  await settleDueOperations(platform, stopping);
  await processReceivedEvents(platform, stopping);
  stopping?.throwIfAborted(); // both merely end then
  const to = later(platform.clock.now(), -JUST_NOW_MS);
  const from = later(to, -days * DAY);
  const unread: string[] = [];
  let drifts = 0;
  for (const provider of platform.services.providers)
    try {
      for await (const drift of compare(platform, provider, { from, to, stopping })) {
        drifts += 1;
        tell(drift);
      }
    } catch (error) {
      stopping?.throwIfAborted();
      platform.log.error({ err: error, provider: provider.handle }, "a provider's books could not be read");
      unread.push(provider.handle);
    }
  const inReview = await platform.db.providerEvent.count({ where: { state: "REVIEW" } });
  return { drifts, unread, inReview };
}

/** A provider's books and ours. */
async function* compare(platform: Platform, provider: PaymentProvider, span: Span) {
  yield* theirsWithoutOurs(platform, provider, span);
  yield* oursWithoutTheirs(platform, provider, span);
}
