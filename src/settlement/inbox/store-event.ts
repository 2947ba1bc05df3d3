import type { PaymentProvider, Webhook } from "../../payments";
import type { Platform } from "../../platform/context";
import { newId } from "../../platform/ids";
import { type Told, toTold } from "./told";

export type GenuineWebhook = Extract<Webhook, { genuine: true }>;

/**
 * Keeps what a provider told, once for its event's id; committed when this returns. Events of money of the other kind (test events where
 * the money is real) are for a person to look at, whatever they say.
 * @returns the uuid of an event to be taken into account, by the caller first; null when it is known or asks for nothing
 */
export async function storeEvent(
  { db, clock, log }: Pick<Platform, "db" | "clock" | "log">,
  { handle, live }: PaymentProvider,
  { eventId, type, live: isLive, event }: GenuineWebhook,
): Promise<string | null> {
  const at = clock.now();
  const told: Told | null = event && toTold(event);
  const mistaken = event !== null && isLive !== live;
  const state = mistaken ? "REVIEW" : event ? "RECEIVED" : "IGNORED";
  const note = mistaken ? `Its money is ${kindOf(isLive)}, the shop's is ${kindOf(live)}.` : null;
  const [kept] = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO provider_events (id, provider, event_id, type, told, state, note, received_at, processed_at)
    VALUES (${newId()}::uuid, ${handle}, ${eventId}, ${type}, ${told && JSON.stringify(told)}::jsonb, ${state}::provider_event_state,
      ${note}, ${at}::timestamptz, ${at}::timestamptz)
    ON CONFLICT (provider, event_id) DO NOTHING RETURNING id::text`;
  if (kept && mistaken)
    log.error({ provider: handle, eventId, type, note }, "a provider's event is for a person to look at");
  return kept && state === "RECEIVED" ? kept.id : null;
}

const kindOf = (live: boolean) => (live ? "real" : "none but for tests");
