import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PaymentProvider } from "../src/payments";
import { DAY, later } from "../src/platform/clock";
import { openDatabase } from "../src/platform/database";
import { anAuthorization, aPart, lookUpOf } from "./provider-suite/harness";
import { startTestApp, type TestApp } from "./support/app";
import { sandboxOf } from "./support/sandbox";

const migration = (name: string) =>
  readFileSync(join(__dirname, "../prisma/migrations", name, "migration.sql"), "utf8");

let app: TestApp;
let sandbox: PaymentProvider;
const [old, older] = [new Date(Date.now() - DAY), new Date(Date.now() - 8 * DAY)];
beforeAll(async () => {
  app = await startTestApp();
  sandbox = sandboxOf(app);
  const owner = openDatabase(app.database.ownerUrl, 1, () => undefined);
  const [charges] = /CREATE TABLE "sandbox"\."charges"[^;]+;/.exec(migration("20261121000000_init")) ?? [""];
  const [roles] = await owner.$queryRaw<[{ app: string }]>`
    SELECT grantee::text AS app FROM information_schema.role_table_grants
    WHERE table_schema = 'sandbox' AND grantee <> current_user LIMIT 1`;
  const run = async (script: string) => {
    for (const statement of script.split(/;\s*\n/).filter((text) => text.trim()))
      await owner.$executeRawUnsafe(statement);
  };
  await run('DROP TABLE "sandbox"."movements";\nDROP TABLE "sandbox"."events";\n');
  await run(charges);
  await owner.$executeRaw`
    INSERT INTO sandbox.charges (key, kind, token, amount, currency, outcome, reference, parent_reference, reason, created_at) VALUES
      ('sale', 'SALE', 'sandbox:success', 1000, 'EUR', 'SUCCEEDED', 'sandbox_a', NULL, NULL, ${old}),
      ('refund', 'REFUND', NULL, 300, 'EUR', 'SUCCEEDED', 'sandbox_b', 'sandbox_a', NULL, ${old}),
      ('too much', 'REFUND', NULL, 900, 'EUR', 'FAILED', NULL, 'sandbox_a', 'amount_too_high', ${old}),
      ('declined', 'SALE', 'sandbox:decline', 1000, 'EUR', 'FAILED', NULL, NULL, 'declined', ${old}),
      ('authorized', 'AUTHORIZE', 'sandbox:success', 1000, 'EUR', 'SUCCEEDED', 'sandbox_c', NULL, NULL, ${old}),
      ('captured', 'CAPTURE', NULL, 400, 'EUR', 'SUCCEEDED', 'sandbox_d', 'sandbox_c', NULL, ${old}),
      ('forgotten', 'AUTHORIZE', 'sandbox:success', 1000, 'EUR', 'SUCCEEDED', 'sandbox_e', NULL, NULL, ${older})`;
  await run(migration("20261121110000_sandbox"));
  await run(`GRANT ALL ON sandbox.movements, sandbox.events TO "${roles.app}"`);
  await owner.$disconnect();
});
afterAll(() => app.close({ booksBroken: true })); // it is charged without any order of ours

test("what the sandbox did before it kept books of its own is still known, and goes on", async () => {
  const ask = (key: string) => lookUpOf(anAuthorization("sandbox:success", { key }), null);
  const found = async (key: string, kind: "AUTHORIZE" | "CAPTURE" | "REFUND" = "AUTHORIZE") => {
    const { status, reason, captured, reference } = (await sandbox.lookUp({ ...ask(key), kind })) ?? {};
    return { status, reason, captured, reference };
  };
  const done = { status: "SUCCEEDED", reason: null, captured: false };
  expect(await found("sale")).toEqual({ ...done, captured: true, reference: "sandbox_a" });
  expect(await found("refund", "REFUND")).toEqual({ ...done, reference: "sandbox_b" });
  expect(await found("too much", "REFUND")).toMatchObject({ status: "FAILED", reason: "amount_too_high" });
  expect(await found("declined")).toMatchObject({ status: "FAILED", reason: "declined" });
  expect(await found("authorized")).toEqual({ ...done, reference: "sandbox_c" });
  expect(await found("captured", "CAPTURE")).toEqual({ ...done, reference: "sandbox_d" });
  expect(await found("forgotten")).toMatchObject({ status: "FAILED", reason: "expired" });

  expect(await sandbox.refund(aPart("sandbox_a", 7_01n))).toMatchObject({ reason: "amount_too_high" });
  expect(await sandbox.refund(aPart("sandbox_a", 7_00n))).toMatchObject({ status: "SUCCEEDED" });
  expect(await sandbox.capture(aPart("sandbox_c", 6_01n))).toMatchObject({ reason: "amount_too_high" });
  expect(await sandbox.capture(aPart("sandbox_c", 6_00n))).toMatchObject({ status: "SUCCEEDED" });
  const moved: string[] = [];
  for await (const { key, kind, amount } of sandbox.movements(later(older, -1), later(old, 1)))
    moved.push(`${key} ${kind} ${amount}`);
  expect(moved.sort()).toEqual([
    "authorized AUTHORIZE 1000",
    "captured CAPTURE 400",
    "forgotten AUTHORIZE 1000",
    "refund REFUND 300",
    "sale AUTHORIZE 1000",
    "sale CAPTURE 1000",
  ]);
});
