import { setImmediate } from "node:timers";
import { Prisma } from "../../generated/prisma/client";
import type { ProviderEventState } from "../../generated/prisma/enums";
import type { Db } from "../../platform/database";
import { isUnavailable } from "../../platform/errors";
import type { Told } from "./told";

/** A line of the inbox as it is to be written. */
export type NewEvent = {
  /** Uuid */
  id: string;
  provider: string;
  eventId: string;
  type: string;
  told: Told | null;
  state: ProviderEventState;
  note: string | null;
  at: Date;
};
/** A line as it was written. */
type Kept = { id: string; state: ProviderEventState };
type Found = Promise<ReadonlyMap<string, Kept>>;

/** What came in this turn of the event loop and is about to be written, by where. */
const gathering = new WeakMap<Db, { events: NewEvent[]; kept: Found }>();

/**
 * Writes an event into the inbox, once for its provider's name of it, with all others that have come at the same moment: providers tell much
 * at once, and a statement with its commit costs more than the row. Should they not go together, each goes alone.
 * @returns it as it was written, PROCESSED if it was RECEIVED and says what is known; undefined when it was there before
 */
export async function keepEvent(db: Db, event: NewEvent): Promise<Kept | undefined> {
  const { events, kept } = gathering.get(db) ?? gather(db);
  events.push(event);
  try {
    return (await kept).get(event.id);
  } catch (error) {
    if (events.length === 1 || isUnavailable(error)) throw error;
    return (await insert(db, [event])).get(event.id);
  }
}

function gather(db: Db) {
  const events: NewEvent[] = [];
  const kept = new Promise<void>((done) => setImmediate(done)).then(() => {
    gathering.delete(db);
    return insert(db, events);
  });
  const gathered = { events, kept };
  gathering.set(db, gathered);
  return gathered;
}

/** In the order of their names: two servers that are told the same at once wait for each other, and never both. */
async function insert(db: Db, events: NewEvent[]): Found {
  const kept = await db.$queryRaw<Kept[]>`
    INSERT INTO provider_events (id, provider, event_id, type, told, state, note, operation_id, received_at, processed_at)
    SELECT id, provider, "eventId", type, CASE WHEN known IS NULL THEN told ELSE told #- '{outcome,method}' END,
      (CASE WHEN known IS NULL THEN state ELSE 'PROCESSED' END)::provider_event_state, note, known, at, at
    FROM (
      SELECT *, CASE WHEN event.state = 'RECEIVED' THEN (${KNOWN}) END AS known
      FROM json_to_recordset(${JSON.stringify(events)}::json) AS event(id uuid, provider text, "eventId" text, type text, told jsonb,
        state text, note text, at timestamptz)
      ORDER BY provider, "eventId"
    ) event
    ON CONFLICT (provider, event_id) DO NOTHING RETURNING id::text, state::text`;
  return new Map(kept.map((one) => [one.id, one]));
}

/** SQL for the operation that has succeeded just as `event` says: judgeEvent has nothing against such a one, and nothing follows from it. */
const KNOWN = Prisma.sql`
  SELECT op.id FROM payment_operations op JOIN payments p ON p.id = op.payment_id JOIN orders o ON o.id = op.order_id
  WHERE op.idempotency_key = event.told ->> 'key' AND op.provider = event.provider AND op.status = 'SUCCEEDED'
    AND event.told #>> '{outcome,status}' = 'SUCCEEDED' AND op.kind::text = event.told ->> 'kind'
    AND op.amount = coalesce((event.told #>> '{outcome,amount}')::bigint, op.amount)
    AND op.currency = coalesce(event.told #>> '{outcome,currency}', op.currency)
    AND o.number::text = coalesce(event.told ->> 'orderNumber', o.number::text)
    AND NOT ((event.told #>> '{outcome,captured}')::boolean AND op.kind = 'AUTHORIZE' AND op.amount > 0 AND p.captured + p.capturing = 0)`;
