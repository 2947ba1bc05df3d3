import { DAY, HOUR, later, MINUTE } from "../../platform/clock";
import type { Job, Sweep } from "../../platform/jobs";
import { enqueued } from "../../platform/outbox";
import { type Drift, describeDrift } from "./drift";
import { reconcile } from "./reconcile";

const JOB = "reconcile";
/** Yesterday, and what was late the day before. */
const DAYS = 2;
/** In the small hours, UTC. */
const AT_MS = 3 * HOUR;

/** The next time of day that it is done at. */
function nextTime(now: Date): Date {
  const today = later(new Date(now.getTime() - (now.getTime() % DAY)), AT_MS);
  return today > now ? today : later(today, DAY);
}

/** Sees to it that the books are compared once a day, however many servers there are and however often they are started anew. */
export const reconciliationSweep: Sweep = {
  name: "plan the daily reconciliation",
  everyMs: 10 * MINUTE,
  run: async ({ db, clock }) => {
    const runAt = nextTime(clock.now());
    // A key for each day, which nobody plans any more once it is due: under the same key the queue would take the next day's job for this one,
    // and not try again what is being done.
    const jobKey = `${JOB}:${runAt.toISOString().slice(0, 10)}`;
    await db.$queryRaw`SELECT ${enqueued(JOB, {}, { runAt, jobKey })}`;
  },
};

/** Compares the books and says each difference in the log, for whoever is called by errors. */
const reconcileDaily: Job = async (platform, _payload, { stopping }) => {
  const { log } = platform;
  const tell = (drift: Drift) =>
    log.error(drift, `a provider's books and ours differ: ${describeDrift(drift)}`);
  const found = await reconcile(platform, DAYS, tell, stopping);
  log.info(found, "the books were compared with the providers'");
};

export const reconciliationJobs: Record<string, Job> = { [JOB]: reconcileDaily };
