import { createApp, type Overrides } from "../../src/app";
import { createLog } from "../../src/platform/log";
import { asker, type TestApp } from "./app";

/** Another server of the same shop, on the same database; close it before the first. */
export async function startSecondApp({ platform }: TestApp, overrides: Overrides = {}) {
  const log = createLog(process.env.TEST_LOG_LEVEL ?? "silent");
  const app = await createApp(platform.config, { clock: platform.clock, log, ...overrides });
  const url = await app.listen();
  return { ...app, url, ask: asker(url), db: app.platform.db };
}
export type SecondApp = Awaited<ReturnType<typeof startSecondApp>>;
