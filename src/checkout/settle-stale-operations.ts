import { SECOND } from "../platform/clock";
import type { Platform } from "../platform/context";
import type { Sweep } from "../platform/jobs";
import { settleStaleOperation } from "./settle-stale-operation";

/** As many as a round takes; the next one comes soon. */
const MOST_A_ROUND = 100;

/**
 * Settles what a crash or a silent provider left open: authorisations whose lease has run out, oldest first. Several servers may sweep at
 * once; each operation is taken by one of them.
 */
export async function settleStaleOperations(platform: Platform, stopping?: AbortSignal): Promise<void> {
  const due = await platform.db.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM payment_operations
    WHERE status IN ('PENDING', 'UNKNOWN') AND kind = 'AUTHORIZE' AND lease_until <= ${platform.clock.now()}::timestamptz
    ORDER BY lease_until LIMIT ${MOST_A_ROUND}::int`;
  for (const { id } of due) {
    if (stopping?.aborted) return;
    await settleStaleOperation(platform, id).catch((error) =>
      platform.log.error({ err: error, operationUuid: id }, "a payment could not be settled"),
    );
  }
}

export const staleOperationsSweep: Sweep = {
  name: "settle stale operations",
  everyMs: 5 * SECOND,
  run: settleStaleOperations,
};
