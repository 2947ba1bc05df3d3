import pg from "pg";
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
