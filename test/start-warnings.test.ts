import { createLog } from "../src/platform/log";
import { warnAtStart } from "../src/start-checks";
import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** What is said at the start of so many processes with a pool of that size. */
async function saidWith(workers: number, pool: number): Promise<string[]> {
  const { platform } = app;
  const { limits, database } = platform.config;
  const config = { ...platform.config, limits: { ...limits, workers }, database: { ...database, pool } };
  const log = createLog("silent");
  const said = jest.spyOn(log, "warn");
  await warnAtStart({ ...platform, config, log }, process.version);
  return said.mock.calls.map((words) => String(words.at(-1)));
}

test("more connections than the database gives are warned of, before it refuses them under load", async () => {
  const [{ most }] = await app.db.$queryRaw<[{ most: number }]>`
    SELECT current_setting('max_connections')::int AS most`;
  const warning = expect.stringMatching(/lower DATABASE_POOL or WEB_CONCURRENCY/);
  expect(await saidWith(1, most - 20)).not.toContainEqual(warning);
  expect(await saidWith(1, most)).toContainEqual(warning);
  expect(await saidWith(Math.ceil(most / 10), 10)).toContainEqual(warning);
});
