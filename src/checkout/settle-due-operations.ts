import { SECOND } from "../platform/clock";
import type { Platform } from "../platform/context";
import type { Sweep } from "../platform/jobs";
import { settleOperation } from "./settle-operation";

/** As many as a round takes; the next one comes soon. */
const MOST_A_ROUND = 100;
/** Asked at once, so that one provider's silence doesn't hold up what others would answer. */
const AT_ONCE = 10;

/**
 * Settles what a crash, a silent provider or a buyer who went away left open: operations whose lease has run out, oldest first. Several
 * servers may sweep at once; each operation is taken by one of them. @returns how many were due
 */
export async function settleDueOperations(platform: Platform, stopping?: AbortSignal): Promise<number> {
  const due = await platform.db.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM payment_operations
    WHERE status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN') AND lease_until <= ${platform.clock.now()}::timestamptz
    ORDER BY lease_until LIMIT ${MOST_A_ROUND}::int`;
  const waiting = due.map(({ id }) => id);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let id = waiting.shift(); id && !stopping?.aborted; id = waiting.shift())
        await settle(platform, id);
    }),
  );
  return due.length;
}

const settle = (platform: Platform, operationUuid: string) =>
  settleOperation(platform, operationUuid).catch((error) =>
    platform.log.error({ err: error, operationUuid }, "a payment could not be settled"),
  );

export const dueOperationsSweep: Sweep = {
  name: "settle due operations",
  everyMs: 5 * SECOND,
  run: async (platform, stopping) => {
    await settleDueOperations(platform, stopping);
  },
};
