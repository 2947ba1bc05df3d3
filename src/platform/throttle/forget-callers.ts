import { MINUTE } from "../clock";
import type { Sweep } from "../jobs";

/** A bucket that is full again says nothing: its row goes. */
export const forgetCallers: Sweep = {
  name: "forgetCallers",
  everyMs: MINUTE,
  async run({ config, clock, db }) {
    const { store, bucket, restoreRate } = config.limits.throttle;
    if (store !== "postgres") return;
    const fullSince = new Date(clock.now().getTime() - (bucket / restoreRate) * 1_000);
    await db.throttleBucket.deleteMany({ where: { at: { lt: fullSince } } });
  },
};
