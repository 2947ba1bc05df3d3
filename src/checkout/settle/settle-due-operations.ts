import { SECOND } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import type { Sweep } from "../../platform/jobs";
import { settleOperation } from "./settle-operation";

const A_PAGE = 100;
/** Asked at once, so that one slow answer doesn't hold up the next. */
const AT_ONCE = 10;
/** Silent so often in a row, a provider is left alone until the next round: it is down, and asking on would only hold it there. */
const MOST_SILENT = 3;

/**
 * Settles what a crash, a silent provider or a buyer who went away left open: operations whose lease has run out, oldest first, each
 * provider's beside the others'. Several servers may sweep at once; each operation is taken by one of them. @returns how many were asked about
 */
export async function settleDueOperations(platform: Platform, stopping?: AbortSignal): Promise<number> {
  const due = await platform.db.$queryRaw<{ provider: string }[]>`
    SELECT DISTINCT provider FROM payment_operations
    WHERE status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN') AND lease_until <= ${platform.clock.now()}::timestamptz`;
  const asked = await Promise.all(due.map(({ provider }) => settleDueOf(platform, provider, stopping)));
  return asked.reduce((total, count) => total + count, 0);
}

async function settleDueOf(platform: Platform, provider: string, stopping?: AbortSignal): Promise<number> {
  let [asked, silent] = [0, 0];
  for (;;) {
    const before = asked;
    const waiting = await listDue(platform, provider);
    const isLast = waiting.length < A_PAGE;
    const work = async () => {
      for (let id = waiting.shift(); id && silent < MOST_SILENT && !stopping?.aborted; id = waiting.shift()) {
        const heard = await settle(platform, id);
        if (heard === null) continue;
        asked += 1;
        silent = heard ? 0 : silent + 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (silent >= MOST_SILENT)
      platform.log.error({ provider }, "a payment provider is silent and left alone for a while");
    if (isLast || asked === before || silent >= MOST_SILENT || stopping?.aborted) return asked;
  }
}

async function listDue({ db, clock }: Platform, provider: string): Promise<string[]> {
  const due = await db.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM payment_operations
    WHERE status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN') AND lease_until <= ${clock.now()}::timestamptz AND provider = ${provider}
    ORDER BY lease_until LIMIT ${A_PAGE}::int`;
  return due.map(({ id }) => id);
}

/** What fails here is no silence of the provider's: it is asked again when its new lease is over. */
const settle = (platform: Platform, operationUuid: string) =>
  settleOperation(platform, operationUuid).catch((error) => {
    platform.log.error({ err: error, operationUuid }, "a payment could not be settled");
    return null;
  });

export const dueOperationsSweep: Sweep = {
  name: "settle due operations",
  everyMs: 5 * SECOND,
  run: async (platform, stopping) => {
    await settleDueOperations(platform, stopping);
  },
};
