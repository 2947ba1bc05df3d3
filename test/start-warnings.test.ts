import { createLog } from "../src/platform/log";
import { checkNode, warnAtStart } from "../src/start-checks";
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

test.each(["v18.20.0", "v20.18.3", "19.0.0"])("Node %s is refused", (version) => {
  expect(() => checkNode(version)).toThrow(/too old: 20\.19 or later/);
});

test("in production a Node with known holes is warned of, and no other", async () => {
  const { platform } = app;
  const log = createLog("silent");
  const said = jest.spyOn(log, "warn");
  const outdated = async (version: string, production = true) => {
    checkNode(version);
    said.mockClear();
    await warnAtStart({ ...platform, config: { ...platform.config, production }, log }, version);
    return said.mock.calls.some((words) => String(words.at(-1)).includes("known holes"));
  };
  for (const version of ["v20.19.0", "v22.23.3", "v24.22.0", "v25.1.0", "v26.12.0"])
    expect([version, await outdated(version)]).toEqual([version, true]);
  for (const version of ["v22.23.4", "v24.22.1", "v24.30.0", "v26.12.1", "v27.0.0"])
    expect([version, await outdated(version)]).toEqual([version, false]);
  expect(await outdated("v20.19.0", false)).toBe(false);
});

test("more connections than the database gives are warned of, before it refuses them under load", async () => {
  const [{ most }] = await app.db.$queryRaw<[{ most: number }]>`
    SELECT current_setting('max_connections')::int AS most`;
  const warning = expect.stringMatching(/lower DATABASE_POOL or WEB_CONCURRENCY/);
  expect(await saidWith(1, most - 20)).not.toContainEqual(warning);
  expect(await saidWith(1, most)).toContainEqual(warning);
  expect(await saidWith(Math.ceil(most / 10), 10)).toContainEqual(warning);
});
