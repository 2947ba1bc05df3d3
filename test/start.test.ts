import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { migrate } from "../src/platform/migrate";
import { withEngine } from "../src/platform/migrate/engine";
import { startServer } from "./support/server-process";
import { createTestDatabase, type TestDatabase } from "./support/test-database";

// Jest cannot load the engine, an ES module, on every Node; whether it is asked is what counts here.
jest.mock("../src/platform/migrate/engine", () => ({ withEngine: jest.fn(async () => []) }));

let database: TestDatabase;
beforeEach(async () => {
  jest.mocked(withEngine).mockClear();
  database = await createTestDatabase();
});
afterEach(async () => {
  await database.drop();
});

const SETTLED_MS = 3_000;
const residentMegabytes = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

const onLinux = existsSync("/proc/self/status") ? test : test.skip;
onLinux("an idle server takes less than 200 MB, also after it has answered something", async () => {
  const server = await startServer({
    NODE_ENV: "production",
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    MASTER_KEY: randomBytes(32).toString("base64"),
    TOKEN_SECRET: randomBytes(32).toString("hex"),
  });
  try {
    for (let asked = 0; asked < 50; asked++)
      await fetch(server.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query: "{ products { totalCount nodes { id title variants { id sku } } } }" }),
      });
    await wait(SETTLED_MS);
    expect(residentMegabytes(server.pid ?? 0)).toBeLessThan(200);
  } finally {
    await server.end("SIGTERM");
  }
});

describe("Prisma's schema engine, which takes its time and memory to load,", () => {
  const byOwner = async (statement: string) => {
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(statement);
    await owner.end();
  };

  test("isn't loaded where every migration is applied as it is written", async () => {
    expect(await migrate(database.ownerUrl)).toEqual([]);
    expect(withEngine).not.toHaveBeenCalled();
  });

  test.each([
    [
      "was edited",
      "UPDATE _prisma_migrations SET checksum = md5(checksum) WHERE migration_name LIKE '%_init'",
    ],
    ["is missing", "DELETE FROM _prisma_migrations WHERE migration_name LIKE '%_init'"],
    [
      "was rolled back",
      "UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name LIKE '%_init'",
    ],
  ])("has the word where one %s", async (_what, statement) => {
    await byOwner(statement);
    await migrate(database.ownerUrl);
    expect(withEngine).toHaveBeenCalledTimes(1);
  });
});
