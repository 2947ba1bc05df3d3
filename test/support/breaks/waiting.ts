import { anOperation, type Break } from "./break";

const PENDING = "no operation is PENDING or waits for its buyer for longer than its time limit";
const ANSWERED = "no request waits for its answer for longer than its time limit";
const OPEN = "a request that waits for an operation waits for one that is open";

export const waitingBreaks: Break[] = [
  [PENDING, anOperation("REFUND", "PENDING", "1", "op.currency, now() - interval '6 minutes'")],
  [
    PENDING,
    "UPDATE orders SET status = 'PENDING'",
    anOperation("AUTHORIZE", "ACTION_REQUIRED", "1", "op.currency, now() - interval '6 minutes'"),
  ],
  [ANSWERED, "UPDATE idempotency_records SET state = 'RUNNING', lease_until = now() - interval '6 minutes'"],
  [ANSWERED, "UPDATE idempotency_records SET outcome = NULL"],
  [OPEN, "UPDATE idempotency_records SET state = 'RUNNING', lease_until = now()"],
  [
    OPEN,
    `UPDATE idempotency_records SET state = 'RUNNING', lease_until = now(),
       outcome = jsonb_build_object('operationId', gen_random_uuid())`,
  ],
];
