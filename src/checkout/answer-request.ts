import { Prisma } from "../generated/prisma/client";
import type { Tx } from "../platform/database";
import type { CheckoutOutcome } from "./checkout-outcome";

/**
 * SQL for a WITH list: keeps what a checkout came to under the key it was asked with. The key's record is found by the operation it was
 * claimed for, among the few of the order's account or cart, so that a sweep, which knows no key, answers it too.
 */
export const answered = (operationUuid: string, outcome: CheckoutOutcome) => Prisma.sql`
  answered AS (
    UPDATE idempotency_records SET state = 'DONE', lease_until = NULL, outcome = ${JSON.stringify(outcome)}::jsonb
    WHERE actor = (SELECT coalesce(account_id, cart_id) FROM orders WHERE id = ${outcome.orderId}::uuid)
      AND state = 'RUNNING' AND outcome ->> 'operationId' = ${operationUuid})`;

/** Answers the request while its order stays where it is: the provider has not decided yet. */
export async function answerRequest(tx: Tx, operationUuid: string, outcome: CheckoutOutcome): Promise<void> {
  await tx.$executeRaw`WITH ${answered(operationUuid, outcome)} SELECT 1`;
}
