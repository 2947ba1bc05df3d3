import { Prisma } from "../generated/prisma/client";
import { later, MINUTE } from "../platform/clock";
import type { Invariant } from "./invariant";

/** How long something may wait after its time was over: the sweeps come round every few seconds. */
const LIMIT_MS = 5 * MINUTE;
const overdue = (at: Date) => Prisma.sql`${later(at, -LIMIT_MS)}::timestamptz`;

/** What is under way comes to an end. */
export const waitingInvariants: Invariant[] = [
  {
    name: "no operation is PENDING or waits for its buyer for longer than its time limit",
    find: (at) => Prisma.sql`
      SELECT id::text AS subject, format('%s %s, leased until %s', kind, status, lease_until) AS detail FROM payment_operations
      WHERE status IN ('PENDING', 'ACTION_REQUIRED') AND lease_until < ${overdue(at)}`,
  },
  {
    name: "no request waits for its answer for longer than its time limit",
    find: (at) => Prisma.sql`
      SELECT actor::text AS subject, format('%s, leased until %s', operation, lease_until) AS detail FROM idempotency_records
      WHERE (state = 'RUNNING' AND coalesce(lease_until, created_at) < ${overdue(at)}) OR (state = 'DONE' AND outcome IS NULL)`,
  },
  {
    name: "a request that waits for an operation waits for one that is open",
    find: () => Prisma.sql`
      SELECT r.actor::text AS subject, format('%s waits for %s %s', r.operation, r.outcome ->> 'operationId', op.status) AS detail
      FROM idempotency_records r LEFT JOIN payment_operations op ON op.id = (r.outcome ->> 'operationId')::uuid
      WHERE r.state = 'RUNNING' AND r.outcome ? 'operationId' AND (op.status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN')) IS NOT TRUE`,
  },
];
