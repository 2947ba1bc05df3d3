import { MINUTE } from "../clock";
import type { Sweep } from "../jobs";

/** A window that has ended says nothing: its row goes, unless somebody is beginning the next one with it. */
export const forgetAllowances: Sweep = {
  name: "forgetAllowances",
  everyMs: MINUTE,
  async run({ clock, db }) {
    await db.$executeRaw`
      DELETE FROM allowances WHERE subject IN
        (SELECT subject FROM allowances WHERE ends_at <= ${clock.now()}::timestamptz FOR UPDATE SKIP LOCKED)`;
  },
};
