import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { Prisma } from "../src/generated/prisma/client";
import { openDatabase, type Tx } from "../src/platform/database";
import { findViolations, invariants, openForLooking, verify } from "../src/verify";
import { startTestApp, type TestApp } from "./support/app";
import { breaks } from "./support/breaks";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut } from "./support/checkouts";

let app: TestApp;
let owner: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  app = await startTestApp();
  owner = openDatabase(app.database.ownerUrl, 2, () => undefined);
  await aZone(app.db);
  const { variant } = await aProduct(app.db);
  const cart = () => aFullCart(app.ask, null, { variantId: variant.id, quantity: 2 });
  await checkOut(app.ask, await cart());
  await checkOut(app.ask, await cart(), { payment: { token: "sandbox:decline" } });
});
afterAll(async () => {
  await owner.$disconnect();
  await app.close({ booksBroken: true });
});

test("a shop that has sold and declined is in order", async () => {
  expect(await verify(app.platform)).toEqual([]);
});

test("every invariant is broken here at least once", () => {
  expect([...new Set(breaks.map(([name]) => name))].sort()).toEqual(
    invariants.map(({ name }) => name).sort(),
  );
});

test.each(breaks)("%s: broken by hand, it is noticed (%#)", async (name, ...statements) => {
  const invariant = invariants.find((one) => one.name === name);
  const undo = new Error("undo");
  const noticed = owner.$transaction(async (tx) => {
    for (const statement of statements)
      expect(await tx.$executeRawUnsafe(statement)).toBeGreaterThanOrEqual(0);
    const found = await findViolations(tx as Tx, app.platform.clock.now(), invariant!);
    expect(
      found.map(({ invariant: of, subject, detail }) => [of, typeof subject, typeof detail]),
    ).toContainEqual([name, "string", "string"]);
    throw undo; // nothing of it is kept
  });
  await expect(noticed).rejects.toBe(undo);
});

test("a look through a large shop takes as long as it takes, not as long as a request may", async () => {
  const slow = {
    name: "slow",
    find: () => Prisma.sql`SELECT 'all' AS subject, 'seen' AS detail FROM pg_sleep(1)`,
  };
  const look = async (db: ReturnType<typeof openDatabase>) => {
    const [limit] = await db.$queryRaw<[{ statement: string }]>`
      SELECT current_setting('statement_timeout') AS statement`;
    const found = findViolations(db, new Date(), slow).then(
      ([one]) => one?.detail,
      () => "cut short",
    );
    return [limit.statement, await found.finally(() => db.$disconnect())];
  };
  const hurried = openDatabase(app.database.url, 1, () => undefined, 500);
  expect(await look(hurried)).toEqual(["500ms", "cut short"]);
  expect(await look(openForLooking(app.database.url))).toEqual(["1h", "seen"]);
});

/** The built script in an environment of its own, on this test's database. */
const runScript = () =>
  new Promise<{ code: number | string | undefined; out: string }>((done) => {
    const env = {
      NODE_ENV: "production",
      MASTER_KEY: randomBytes(32).toString("base64"),
      TOKEN_SECRET: randomBytes(32).toString("hex"),
      DATABASE_URL: app.database.url,
      DATABASE_OWNER_URL: app.database.ownerUrl,
    };
    execFile(process.execPath, [resolve("dist/scripts/verify.js")], { env }, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, out: stdout + stderr }),
    );
  });

test("npm run verify says what holds, then what does not, and ends with 1", async () => {
  expect(await runScript()).toMatchObject({
    code: 0,
    out: expect.stringMatching(/All \d+ invariants hold\.\n$/),
  });
  await owner.$executeRaw`UPDATE stocks SET on_hand = on_hand + 1`;
  const { code, out } = await runScript();
  expect(code).toBe(1);
  expect(out).toMatch(
    /BROKEN stock levels are the sums of their movements\n +[0-9a-f-]{36}: on hand 11 but moved 10/,
  );
  expect(out).toMatch(/^1 of \d+ invariants are broken\.$/m);
});
