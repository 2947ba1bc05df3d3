import { anOperation, type Break, unlock } from "./break";

/** An event about the paid order's capture, or about nothing of ours. */
const anEvent = (
  state: string,
  about: { of?: string; note?: string; received?: string; status?: string } = {},
) => {
  const { of = "id", note = "NULL", received = "now()", status = "SUCCEEDED" } = about;
  return `
  INSERT INTO provider_events (id, provider, event_id, type, told, state, note, operation_id, received_at)
  SELECT gen_random_uuid(), provider, 'e', 'capture', '{"outcome": {"status": "${status}"}}', '${state}', ${note}, ${of}, ${received}
  FROM payment_operations WHERE kind = 'CAPTURE'`;
};

const ONCE = "what a provider told is kept once";
const IN_TIME = "what a provider told is taken into account within minutes";
const NAMED = "an event that was taken into account names its operation; one that was not says why";
const EFFECT = "an operation whose success was told and taken into account has succeeded";
const ONE_MOVEMENT = "what a provider names is one operation";

export const inboxBreaks: Break[] = [
  [
    ONCE,
    "DROP INDEX provider_events_provider_event_id_key",
    anEvent("PROCESSED"),
    anEvent("IGNORED", { note: "'again'" }),
  ],
  [
    ONCE,
    "DROP INDEX provider_events_provider_event_id_key",
    anEvent("RECEIVED"),
    anEvent("RECEIVED"),
    anEvent("RECEIVED"),
  ],
  [IN_TIME, anEvent("RECEIVED", { received: "now() - interval '6 minutes'" })],
  [IN_TIME, anEvent("RECEIVED", { note: "'not confirmed'", received: "now() - interval '26 hours'" })],
  [
    IN_TIME,
    anEvent("PROCESSED"),
    "UPDATE provider_events SET state = 'RECEIVED', received_at = now() - interval '1 day'",
  ],
  [NAMED, anEvent("PROCESSED", { of: "NULL" })],
  [NAMED, anEvent("PROCESSED", { of: "gen_random_uuid()", note: "'dealt with'" })],
  [NAMED, anEvent("PROCESSED"), "UPDATE provider_events SET provider = 'elsewhere'"],
  [NAMED, anEvent("IGNORED")],
  [NAMED, anEvent("REVIEW", { of: "NULL" })],
  [
    EFFECT,
    anOperation("REFUND", "FAILED", "1"),
    anEvent("PROCESSED"),
    "UPDATE provider_events SET provider = 'elsewhere', operation_id = (SELECT id FROM payment_operations WHERE kind = 'REFUND')",
  ],
  [
    EFFECT,
    anEvent("PROCESSED"),
    unlock("payment_operations"),
    "UPDATE payment_operations SET status = 'UNKNOWN'",
  ],
  [
    ONE_MOVEMENT,
    "DROP INDEX payment_operations_provider_reference_key",
    anOperation("REFUND", "SUCCEEDED", "1"),
    anOperation("REFUND", "SUCCEEDED", "2"),
    unlock("payment_operations"),
    "UPDATE payment_operations SET provider_reference = 'r'",
  ],
  [
    ONE_MOVEMENT,
    "DROP INDEX payment_operations_provider_reference_key",
    anOperation("CAPTURE", "PENDING", "0"),
    unlock("payment_operations"),
    "UPDATE payment_operations SET provider_reference = 'r', provider = 'p'",
  ],
];
