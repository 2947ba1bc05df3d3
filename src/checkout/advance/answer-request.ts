import { Prisma } from "../../generated/prisma/client";
import type { Effect } from "../../payments";
import type { Tx } from "../../platform/database";
import type { OperationOutcome } from "./operation-outcome";

/**
 * SQL for a WITH list: keeps what a request came to under the key it was asked with. The key's record is found by the operation it was
 * claimed for, so that a webhook or a sweep, which know no key, answer it too.
 */
export const answered = (outcome: OperationOutcome) => Prisma.sql`
  answered AS (
    UPDATE idempotency_records SET state = 'DONE', lease_until = NULL, outcome = ${JSON.stringify(outcome)}::jsonb
    WHERE state = 'RUNNING' AND outcome ->> 'operationId' = ${outcome.operationId})`;

/** Answers the request when nothing else changes with it. */
export async function answerRequest(tx: Tx, outcome: OperationOutcome): Promise<void> {
  await tx.$executeRaw`WITH ${answered(outcome)} SELECT 1`;
}

/** An outcome that moves no order: the request is answered. */
export const answeredAlone = (outcome: OperationOutcome): Effect => ({ changes: [answered(outcome)] });
