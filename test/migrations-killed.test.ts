import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { createTestDatabase, type TestDatabase } from "./support/test-database";

let database: TestDatabase;
let owner: pg.Client;
beforeEach(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query("DROP SCHEMA public, sandbox, graphile_worker CASCADE; CREATE SCHEMA public");
  await owner.query(`CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
    migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count int NOT NULL DEFAULT 0)`);
});
afterEach(async () => {
  await owner.end();
  await database.drop();
});

const FIRST = "20261121000000_init";
/** As a process of its own: the schema engine is an ES module, which jest does not load. */
const migrate = async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [resolve("dist/scripts/migrate.js"), "deploy"],
    {
      env: { PATH: process.env.PATH, DATABASE_URL: database.ownerUrl },
    },
  );
  return stdout.trim();
};
const hasTables = async () =>
  (await owner.query<{ has: boolean }>("SELECT to_regclass('products') IS NOT NULL AS has")).rows[0]?.has;

test("a migration whose process was killed on the way is applied by the next start", async () => {
  await owner.query("INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', 'x', $1)", [
    FIRST,
  ]);
  expect(await migrate()).toContain(FIRST);
  expect(await migrate()).toBe("Nothing to apply.");
});

test("a migration and its mark are there both or not at all", async () => {
  await owner.query(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
    CREATE TRIGGER fail BEFORE UPDATE OF finished_at ON _prisma_migrations FOR EACH ROW EXECUTE FUNCTION fail()`);
  await expect(migrate()).rejects.toThrow();
  expect(await hasTables()).toBe(false);
  await owner.query("DROP FUNCTION fail CASCADE");
  expect(await migrate()).toContain(FIRST);
  expect(await hasTables()).toBe(true);
});
