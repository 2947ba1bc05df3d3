import type { PaymentProvider, Webhook } from "../../payments";
import type { Platform } from "../../platform/context";
import { newId } from "../../platform/ids";
import { keepEvent } from "./keep-event";
import { toTold } from "./told";

export type GenuineWebhook = Extract<Webhook, { genuine: true }>;

/**
 * Keeps what a provider told, once for its event's id; committed when this returns. Events of money of the other kind (test events where
 * the money is real) are for a person to look at, whatever they say. What says again that an operation has succeeded is done with as it comes:
 * that never changes, and nobody has to be locked out for it.
 * @returns the uuid of an event to be taken into account, by the caller first; null when it is known or asks for nothing
 */
export async function storeEvent(
  { db, clock, log }: Pick<Platform, "db" | "clock" | "log">,
  { handle, live }: PaymentProvider,
  { eventId, type, live: isLive, event }: GenuineWebhook,
): Promise<string | null> {
  const mistaken = event !== null && isLive !== live;
  const note = mistaken ? `Its money is ${kindOf(isLive)}, the shop's is ${kindOf(live)}.` : null;
  const state = mistaken ? "REVIEW" : event ? "RECEIVED" : "IGNORED";
  const about = { provider: handle, eventId, type, note };
  const kept = await keepEvent(db, {
    id: newId(),
    at: clock.now(),
    state,
    told: event && toTold(event),
    ...about,
  });
  if (kept && mistaken) log.error(about, "a provider's event is for a person to look at");
  return kept?.state === "RECEIVED" ? kept.id : null;
}

const kindOf = (live: boolean) => (live ? "real" : "none but for tests");
