import { type Context, signedIn } from "../../platform/context";
import type { Sql } from "../../platform/database";
import { readId, toId } from "../../platform/ids";
import { isPlainText } from "../../platform/text";
import { refuseProviderEvent } from "./provider-event.refusals";
import type { ResolveProviderEventInput } from "./provider-event.types";

const LONGEST_NOTE = 500;

/**
 * Says that a person has dealt with an event in REVIEW: it is IGNORED from now on, with who said so, when and what was done. No order moves by
 * it. @returns its uuid @throws NOT_FOUND, NOT_IN_REVIEW, NOTE_INVALID
 */
export async function resolveProviderEvent(
  ctx: Context,
  sql: Sql,
  input: ResolveProviderEventInput,
): Promise<{ eventId: string }> {
  const [eventId, at] = [readId("pevt", input.id), ctx.clock.now()];
  if (eventId === null) throw refuseProviderEvent("NOT_FOUND", "id");
  const note = input.note.trim();
  if (note === "" || !isPlainText(note, LONGEST_NOTE)) throw refuseProviderEvent("NOTE_INVALID", "note");
  const said = `${at.toISOString()} ${toId("acct", signedIn(ctx).accountId)}: ${note}`;
  const resolved = await sql.$executeRaw`
    UPDATE provider_events SET state = 'IGNORED', note = concat_ws(E'\n', note, ${said}::text), processed_at = ${at}::timestamptz
    WHERE id = ${eventId}::uuid AND state = 'REVIEW'`;
  if (resolved > 0) return { eventId };
  const known = await sql.providerEvent.count({ where: { id: eventId } });
  throw refuseProviderEvent(known > 0 ? "NOT_IN_REVIEW" : "NOT_FOUND", "id");
}
