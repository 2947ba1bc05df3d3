import { Prisma } from "../generated/prisma/client";
import { DAY, HOUR, later, MINUTE } from "../platform/clock";
import type { Invariant } from "./invariant";

/** The sweep takes what is waiting every few seconds. */
const LIMIT_MS = 5 * MINUTE;
/** What its provider does not confirm waits for him, for a day; its note says so. */
const UNCONFIRMED_LIMIT_MS = DAY + HOUR;

/** What providers have told. */
export const inboxInvariants: Invariant[] = [
  {
    name: "what a provider told is kept once",
    find: () => Prisma.sql`
      SELECT min(id::text) AS subject, format('%s %s is kept %s times', provider, event_id, count(*)) AS detail
      FROM provider_events GROUP BY provider, event_id HAVING count(*) > 1`,
  },
  {
    name: "what a provider told is taken into account within minutes",
    find: (at) => Prisma.sql`
      SELECT id::text AS subject, format('%s %s of %s', provider, type, received_at) AS detail FROM provider_events
      WHERE state = 'RECEIVED' AND received_at < CASE WHEN note IS NULL THEN ${later(at, -LIMIT_MS)}::timestamptz
        ELSE ${later(at, -UNCONFIRMED_LIMIT_MS)}::timestamptz END`,
  },
  {
    name: "an event that was taken into account names its operation; one that was not says why",
    find: () => Prisma.sql`
      SELECT e.id::text AS subject, format('%s of %s, operation %s, note: %s', e.state, e.provider, e.operation_id, e.note) AS detail
      FROM provider_events e LEFT JOIN payment_operations op ON op.id = e.operation_id AND op.provider = e.provider
      WHERE (e.operation_id IS NOT NULL AND op.id IS NULL) OR (e.state = 'PROCESSED' AND op.id IS NULL AND e.note IS NULL)
        OR (e.state IN ('IGNORED', 'REVIEW') AND e.told IS NOT NULL AND e.note IS NULL)`,
  },
  {
    name: "an operation whose success was told and taken into account has succeeded",
    find: () => Prisma.sql`
      SELECT e.id::text AS subject, format('%s %s is %s', op.kind, op.id, op.status) AS detail
      FROM provider_events e JOIN payment_operations op ON op.id = e.operation_id
      WHERE e.state = 'PROCESSED' AND e.note IS NULL AND e.told #>> '{outcome,status}' = 'SUCCEEDED' AND op.status <> 'SUCCEEDED'
        AND NOT EXISTS (SELECT FROM payment_operations late WHERE late.idempotency_key = op.idempotency_key || ':late')`,
  },
  {
    name: "what a provider names is one operation",
    find: () => Prisma.sql`
      SELECT min(id::text) AS subject, format('%s %s %s, %s times', provider, kind, provider_reference, count(*)) AS detail
      FROM payment_operations WHERE status <> 'FAILED' AND provider_reference IS NOT NULL
      GROUP BY provider, kind, provider_reference HAVING count(*) > 1`,
  },
];
