import { DAY, later } from "../../platform/clock";
import type { Books } from "./calls";

/** So long after an event was made nobody asks for it any more: it was brought, or given up. */
const KEPT_MS = 30 * DAY;
const A_ROUND = 1_000;

/** Deletes old events that nobody brings any more, a round at a time, so that what is looked for every second stays small. */
export async function forgetEvents({ db, clock }: Books, stopping?: AbortSignal): Promise<void> {
  for (let gone = A_ROUND; gone === A_ROUND && !stopping?.aborted; )
    gone = await db.$executeRaw`
      DELETE FROM sandbox.events WHERE id IN (SELECT id FROM sandbox.events
        WHERE due_at IS NULL AND created_at < ${later(clock.now(), -KEPT_MS)}::timestamptz ORDER BY created_at LIMIT ${A_ROUND}::int)`;
}
