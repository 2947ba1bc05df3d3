import { Prisma } from "../../generated/prisma/client";
import { later, SECOND } from "../../platform/clock";
import { newId } from "../../platform/ids";
import { cardOf } from "./cards";
import { type Movement, toOutcome } from "./movement";

/** How long an event is held back so that the next one overtakes it. */
const OVERTAKEN_MS = 8 * SECOND;
const NOUN = { AUTHORIZE: "authorization", CAPTURE: "capture", VOID: "void", REFUND: "refund" };

/**
 * What the shop is told of a movement as it is now: an INSERT into the events, for the statement that changes the movement. `changed` is
 * there the name of the rows that were.
 */
export function told(at: Date, movement: Movement): Prisma.Sql {
  const { key, intent, token } = movement;
  const id = `evt_${newId()}`;
  const webhooks = cardOf(token)?.webhooks;
  return Prisma.sql`
    INSERT INTO sandbox.events (id, key, intent, body, copies, due_at, created_at)
    SELECT ${id}, ${key}, ${intent}, ${bodyOf(id, at, movement)}, ${webhooks === "three times" ? 3 : 1}::int,
      CASE WHEN ${webhooks === "out of order"}::boolean AND (${TOLD_BEFORE}) % 2 = 0
        THEN ${later(at, OVERTAKEN_MS)}::timestamptz ELSE ${at}::timestamptz END, ${at}::timestamptz
    FROM changed`;
}

/** How much was told of an intent before: each call when it was made, and once more what was decided later. By its movements, which are found by it. */
const TOLD_BEFORE = Prisma.sql`
  SELECT count(*) + count(*) FILTER (WHERE m.decided_at > m.created_at) FROM sandbox.movements m WHERE m.intent = changed.intent AND m.asked`;

/** Nothing in it is a secret: where the buyer confirms stays between him and the provider. */
function bodyOf(id: string, at: Date, movement: Movement): string {
  const { kind, key, orderNumber, state } = movement;
  const { nextAction: _, ...outcome } = toOutcome(movement);
  return JSON.stringify({
    ...{ id, type: `${NOUN[kind]}.${state.toLowerCase()}`, created: at, live: false },
    data: { key, kind, orderNumber, outcome: { ...outcome, amount: movement.amount.toString() } },
  });
}
