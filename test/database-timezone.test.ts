import pg from "pg";
import { openDatabase } from "../src/platform/database";
import { readId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aPerson } from "./support/person";
import { createTestDatabase, type TestDatabase } from "./support/test-database";

let database: TestDatabase;
let app: TestApp;
beforeAll(async () => {
  database = await createTestDatabase();
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET timezone = 'Asia/Tokyo'`);
  await owner.end();
  app = await startTestApp({ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

test("times are the same instants in a database whose time zone isn't UTC", async () => {
  const before = Date.now();
  const uuid = readId("acct", (await aPerson(app)).accountId) ?? "";
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const { rows } = await owner.query("SELECT created_at FROM accounts WHERE id = $1", [uuid]);
  await owner.end();
  for (const at of [
    rows[0].created_at,
    (await app.db.account.findUniqueOrThrow({ where: { id: uuid } })).createdAt,
  ]) {
    expect(at.getTime()).toBeGreaterThanOrEqual(before - 1_000);
    expect(at.getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
  }
});

test("settings that the address asks for count beside ours, but for the zone of times", async () => {
  const url = new URL(database.url);
  url.searchParams.set("options", "-c work_mem=7MB -c plan_cache_mode=auto -c TimeZone=Asia/Tokyo");
  const settingsOf = async (address: string) => {
    const db = openDatabase(address, 1, () => undefined);
    const settings = await db.$queryRaw`SELECT name, setting FROM pg_settings
      WHERE name IN ('TimeZone', 'jit', 'plan_cache_mode', 'work_mem') ORDER BY name COLLATE "C"`;
    await db.$disconnect();
    return (settings as { name: string; setting: string }[]).map(({ setting }) => setting);
  };
  expect(await settingsOf(url.href)).toEqual(["UTC", "off", "auto", "7168"]);
  expect((await settingsOf(database.url)).slice(0, 3)).toEqual(["UTC", "off", "force_generic_plan"]);
});
