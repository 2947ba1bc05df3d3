import { faultPoints } from "../../src/platform/fault-points";
import { type Crash, crashAgainAndAgain } from "./crash/lane";

/** One point or one seed, to see it again; or how many seeds for each point. */
const { POINT, SEED, SEEDS = "1" } = process.env;
const points = faultPoints.filter((point) => !POINT || point === POINT);
const seeds = SEED ? [Number(SEED)] : Array.from({ length: Number(SEEDS) }, (_, index) => index + 1);
const crashes: Crash[] = seeds.flatMap((seed) => points.map((point) => ({ point, seed })));

/** Each on a database of its own, for the two cores this is meant to run on. */
const LANES = 2;

jest.setTimeout(60_000 + 6_000 * crashes.length); // each is a process that is started, put to work and killed

test(`kill -9 at ${points.length} points, ${seeds.length} times each: everybody who asks again is answered, and nothing is lost or done twice`, async () => {
  const lanes = Array.from({ length: LANES }, (_, lane) =>
    crashes.filter((_crash, index) => index % LANES === lane),
  );
  const aftermaths = (await Promise.all(lanes.map(crashAgainAndAgain))).flat();
  const failed = aftermaths.flatMap(({ crash: { point, seed }, wrong }) =>
    wrong.map((what) => `POINT="${point}" SEED=${seed} npm run test:crash: ${what}`),
  );
  expect(failed).toEqual([]);
  expect(aftermaths).toHaveLength(crashes.length);
  const slowest = Math.max(...aftermaths.map(({ tookMs }) => tookMs));
  expect(slowest).toBeLessThan(60_000); // from the start to where all is well again
});
