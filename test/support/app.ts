import "reflect-metadata";
import { createApp, type Overrides } from "../../src/app";
import { createLog } from "../../src/platform/log";
import { readTestConfig } from "./config";
import { createTestDatabase } from "./test-database";
import { expectBooksInOrder } from "./verify";

export type Answer = {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they asked for
  data: any;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  codes: string[];
  // biome-ignore lint/suspicious/noExplicitAny: see data
  extensions: any;
};
export type Ask = (
  token: string | null,
  document: string,
  variables?: object,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** GraphQL over real HTTP. `token` is an access token, or null for a guest. */
export const asker =
  (url: string): Ask =>
  async (token, query, variables = {}, headers = {}) => {
    const authorization = token ? { authorization: `Bearer ${token}` } : {};
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...authorization, ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors = [], extensions } = (await response.json()) as Answer;
    const codes = errors.map((error) => String(error.extensions?.code));
    return { status: response.status, headers: response.headers, data, errors, codes, extensions };
  };

/** The real server on a port of its own, on a database of its own; `settings` are environment variables. */
export async function startTestApp(settings: Record<string, string> = {}, overrides: Overrides = {}) {
  const database = await createTestDatabase();
  const config = readTestConfig({
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    ...settings,
  });
  const app = await createApp(config, {
    log: createLog(process.env.TEST_LOG_LEVEL ?? "silent"),
    ...overrides,
  });
  const url = await app.listen();
  return {
    url,
    app,
    database,
    platform: app.platform,
    db: app.platform.db,
    ask: asker(url),
    /** Every file ends with its books in order; `booksBroken` is for tests that break rows or tables by hand. */
    async close({ booksBroken = false } = {}) {
      try {
        if (!booksBroken) await expectBooksInOrder(app.platform);
      } finally {
        await app.close();
        await database.drop();
      }
    },
  };
}
export type TestApp = Awaited<ReturnType<typeof startTestApp>>;
