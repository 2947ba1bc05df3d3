import { setTimeout as wait } from "node:timers/promises";
import { findKnee } from "./knee";
import type { Load, Look } from "./load";
import type { MixedOptions } from "./options";
import type { Seen } from "./tally";
import { mixOf } from "./traffic";

/** Part of the knee that is everyday load. */
const EVERYDAY = 0.7;
const OVERLOAD = 3;
const LOGINS = 200;
/** Searches beside the logins: so many for each flow at the knee. */
const SEARCHES = 0.3;
const WARMUP_RATE = 40;
const REST_MS = 3_000;
const LOOK_EVERY_MS = 5 * 60_000;

export type Found = {
  /** Flows a second */
  knee: number;
  everyday: Seen;
  looks: Look[];
  overload: Seen;
  calm: Seen;
  quiet: Seen;
  flood: Seen;
};

/** All that is done to the server, one after the other. */
export async function runPhases(load: Load, options: MixedOptions): Promise<Found> {
  await load.run([{ name: "warm-up", rates: mixOf(WARMUP_RATE), seconds: options.warmupSeconds }]);
  const knee = options.knee ?? (await findKnee(load, options.stepSeconds));
  const everyday = await liveEveryday(load, knee, options.minutes);
  load.say(`three times as much for ${options.overloadSeconds} seconds …`);
  const [overload, calm] = (await load.run([
    { name: "3 × the knee", rates: mixOf(OVERLOAD * knee), seconds: options.overloadSeconds },
    { name: "after that, 0.7 × the knee", rates: mixOf(EVERYDAY * knee), seconds: options.calmSeconds },
  ])) as [Seen, Seen];
  load.say(`${LOGINS} logins a second for ${options.floodSeconds} seconds …`);
  const searches = { search: SEARCHES * knee };
  const seconds = options.floodSeconds;
  const [quiet, flood] = (await load.run([
    { name: "searches alone", rates: searches, seconds },
    { name: `${LOGINS} logins/s beside them`, rates: { ...searches, login: LOGINS }, seconds },
  ])) as [Seen, Seen];
  return { knee, ...everyday, overload, calm, quiet, flood };
}

/** The mix, and besides callers who hang up and mistakes; the server is looked into before, meanwhile and afterwards. */
async function liveEveryday({ run, look, say }: Load, knee: number, minutes: number) {
  say(`70 % of the knee for ${minutes} minutes …`);
  await wait(REST_MS);
  const looks = [await look()];
  const fail = (error: Error) => say(`could not look inside: ${error.message}`);
  const rates = { ...mixOf(EVERYDAY * knee), hangUp: 1, mistake: 1 };
  const timer = setInterval(() => void look().then((seen) => looks.push(seen), fail), LOOK_EVERY_MS);
  const [everyday] = (await run([{ name: "0.7 × the knee", rates, seconds: minutes * 60 }]).finally(() =>
    clearInterval(timer),
  )) as [Seen];
  await wait(REST_MS);
  looks.push(await look());
  return { everyday, looks };
}
