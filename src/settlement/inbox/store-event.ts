import { Prisma } from "../../generated/prisma/client";
import type { PaymentProvider, ProviderEvent, Webhook } from "../../payments";
import type { Platform } from "../../platform/context";
import { newId } from "../../platform/ids";
import { toTold } from "./told";

export type GenuineWebhook = Extract<Webhook, { genuine: true }>;

/**
 * Keeps what a provider told, once for its event's id; committed when this returns. Events of money of the other kind (test events where
 * the money is real) are for a person to look at, whatever they say. What says again that an operation has succeeded is done with as it comes:
 * that never changes, and nobody has to be locked out for it. One statement.
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
  const state = mistaken ? "REVIEW" : event ? "RECEIVED" : "IGNORED";
  const known = event && !mistaken ? toldBefore(handle, event) : Prisma.sql`SELECT NULL::uuid`;
  const [kept] = await db.$queryRaw<{ id: string; state: string }[]>`
    INSERT INTO provider_events (id, provider, event_id, type, told, state, note, operation_id, received_at, processed_at)
    SELECT ${newId()}::uuid, ${handle}, ${eventId}, ${type}, CASE WHEN known.id IS NULL THEN told ELSE told #- '{outcome,method}' END,
      (CASE WHEN known.id IS NULL THEN ${state} ELSE 'PROCESSED' END)::provider_event_state, ${note}, known.id, ${at}::timestamptz,
      ${at}::timestamptz
    FROM (SELECT (${known}) AS id, ${event && JSON.stringify(toTold(event))}::jsonb AS told) known
    ON CONFLICT (provider, event_id) DO NOTHING RETURNING id::text, state::text`;
  if (kept && mistaken)
    log.error({ provider: handle, eventId, type, note }, "a provider's event is for a person to look at");
  return kept?.state === "RECEIVED" ? kept.id : null;
}

/** SQL for the operation that has succeeded just as an event says: judgeEvent has nothing against such a one, and nothing follows from it. */
function toldBefore(handle: string, { key, kind, orderNumber, outcome }: ProviderEvent): Prisma.Sql {
  const { status, amount, currency, captured } = outcome;
  return Prisma.sql`
    SELECT op.id FROM payment_operations op JOIN payments p ON p.id = op.payment_id JOIN orders o ON o.id = op.order_id
    WHERE op.idempotency_key = ${key} AND op.provider = ${handle} AND op.status = 'SUCCEEDED' AND ${status} = 'SUCCEEDED'
      AND op.kind::text = ${kind} AND op.amount = coalesce(${amount}::bigint, op.amount)
      AND op.currency = coalesce(${currency}::text, op.currency) AND o.number::text = coalesce(${orderNumber}, o.number::text)
      AND NOT (${captured} AND op.kind = 'AUTHORIZE' AND op.amount > 0 AND p.captured + p.capturing = 0)`;
}

const kindOf = (live: boolean) => (live ? "real" : "none but for tests");
