import type { ProviderEventState } from "../../generated/prisma/enums";
import type { PaymentProvider, ProviderEvent, Webhook } from "../../payments";
import type { Platform } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { newId } from "../../platform/ids";
import { judgeEvent } from "./judge-event";
import { findOperation } from "./known-operation";
import { type Told, toTold, withoutMethod } from "./told";

export type GenuineWebhook = Extract<Webhook, { genuine: true }>;

/** How an event is kept: to be taken into account or not, and of which operation it is known already that it says nothing new. */
type Kept = { state: ProviderEventState; told: Told | null; operationUuid: string | null };

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
  const at = clock.now();
  const mistaken = event !== null && isLive !== live;
  const note = mistaken ? `Its money is ${kindOf(isLive)}, the shop's is ${kindOf(live)}.` : null;
  const { state, told, operationUuid } = mistaken
    ? { state: "REVIEW" as const, told: toTold(event), operationUuid: null }
    : await stateOf(db, handle, event);
  const [kept] = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO provider_events (id, provider, event_id, type, told, state, note, operation_id, received_at, processed_at)
    VALUES (${newId()}::uuid, ${handle}, ${eventId}, ${type}, ${told && JSON.stringify(told)}::jsonb, ${state}::provider_event_state,
      ${note}, ${operationUuid}::uuid, ${at}::timestamptz, ${at}::timestamptz)
    ON CONFLICT (provider, event_id) DO NOTHING RETURNING id::text`;
  if (kept && mistaken)
    log.error({ provider: handle, eventId, type, note }, "a provider's event is for a person to look at");
  return kept && state === "RECEIVED" ? kept.id : null;
}

async function stateOf(sql: Sql, provider: string, event: ProviderEvent | null): Promise<Kept> {
  if (!event) return { state: "IGNORED", told: null, operationUuid: null };
  const known = await findOperation(sql, provider, event.key);
  const again =
    known?.status === "SUCCEEDED" &&
    event.outcome.status === "SUCCEEDED" &&
    judgeEvent(event, known, null).verdict === "act";
  return again
    ? { state: "PROCESSED", told: withoutMethod(toTold(event)), operationUuid: known.uuid }
    : { state: "RECEIVED", told: toTold(event), operationUuid: null };
}

const kindOf = (live: boolean) => (live ? "real" : "none but for tests");
