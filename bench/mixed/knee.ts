import { round } from "../report/table";
import type { Load } from "./load";
import { SEARCH_LIMIT_MS, type Seen } from "./tally";
import { mixOf } from "./traffic";

/** What a whole checkout may take at most, in milliseconds, of 99 of 100. */
export const CHECKOUT_LIMIT_MS = 800;
const FIRST_RATE = 40;
const STEP = 1.25;
const MOST_RATE = 100_000;

/** Whether everybody was served, and soon enough. */
export const isServed = ({ kinds, unsent }: Seen): boolean =>
  unsent === 0 &&
  Object.values(kinds).every(({ refused, failed }) => refused + failed === 0) &&
  (kinds.search?.p99 ?? 0) <= SEARCH_LIMIT_MS &&
  (kinds.checkout?.p99 ?? 0) <= CHECKOUT_LIMIT_MS;

/**
 * The highest rate of the mix, in flows a second, at which everybody is served soon enough: by steps of a quarter, then once between the last
 * two. A step that fails is made once more: a machine's hiccup is no knee.
 * @throws Error when not even the first rate is served
 */
export async function findKnee({ run, say }: Load, stepSeconds: number): Promise<number> {
  const holds = async (rate: number) => {
    for (let attempt = 1; attempt <= 2; attempt++) {
      const [seen] = await run([{ name: "step", rates: mixOf(rate), seconds: stepSeconds }]);
      if (!seen) return false;
      const { search, checkout } = seen.kinds;
      say(
        `${round(rate)} flows a second: ${round(seen.donePerSecond)} done, p99 search ${round(search?.p99 ?? 0)} ms, checkout ${round(checkout?.p99 ?? 0)} ms${seen.firstFailure ? `, ${seen.firstFailure}` : ""}`,
      );
      if (isServed(seen)) return true;
    }
    return false;
  };
  let knee = 0;
  let rate = FIRST_RATE;
  while (rate < MOST_RATE && (await holds(rate))) [knee, rate] = [rate, rate * STEP];
  if (knee === 0) throw new Error(`Not even ${FIRST_RATE} flows a second are served`);
  const between = (knee + rate) / 2;
  return (await holds(between)) ? between : knee;
}
