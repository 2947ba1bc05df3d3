import type { PaymentProvider } from "../src/payments";
import { settleDue } from "../src/payments/sandbox/settle-due";
import { DAY, HOUR, SECOND } from "../src/platform/clock";
import { anAuthorization, aPart, lookUpOf, movementsOf } from "./provider-suite/harness";
import { startTestApp, type TestApp } from "./support/app";
import { movableClock } from "./support/clock";
import { countStatements } from "./support/count-statements";
import { decideOnPage, sandboxHarness, sandboxOf, toldOf } from "./support/sandbox";

const clock = movableClock({ stands: true });
let app: TestApp;
let sandbox: PaymentProvider;
beforeAll(async () => {
  app = await startTestApp({}, { clock });
  sandbox = sandboxOf(app);
});
afterAll(() => app.close({ booksBroken: true })); // it is charged without any order of ours

const movedFor = (...keys: string[]) =>
  movementsOf(
    sandboxHarness(app, async () => undefined),
    ...keys,
  );

test("an authorisation lapses after seven days: what is left of it is released, and can't be captured any more", async () => {
  const ask = anAuthorization("sandbox:success");
  const { reference } = await sandbox.authorize(ask);
  await sandbox.capture(aPart(reference, 4_00n));
  clock.advance(7 * DAY - 1);
  expect(await sandbox.lookUp(lookUpOf(ask, reference))).toMatchObject({ status: "SUCCEEDED" });
  clock.advance(1);
  const lapsed = { status: "FAILED", reason: "expired", reference };
  expect(await sandbox.lookUp(lookUpOf(ask, reference))).toMatchObject(lapsed);
  expect(await sandbox.capture(aPart(reference, 1n))).toMatchObject({ status: "FAILED", reason: "expired" });
  expect(await sandbox.refund(aPart(reference, 4_00n))).toMatchObject({ status: "SUCCEEDED" });
  expect(await movedFor(ask.key)).toMatchObject([{ kind: "VOID", reference, amount: 6_00n }]);
  expect(await toldOf(app, ask.key)).toEqual(["succeeded", "lapsed"]);
});

test("what was captured in full, and what was taken at once, does not lapse", async () => {
  const [later, atOnce] = [false, true].map((capture) => anAuthorization("sandbox:success", { capture }));
  const { reference } = await sandbox.authorize(later!);
  await sandbox.authorize(atOnce!);
  await sandbox.capture(aPart(reference, 10_00n, { final: true }));
  clock.advance(30 * DAY);
  await settleDue(app.platform);
  for (const ask of [later!, atOnce!])
    expect(await sandbox.lookUp(lookUpOf(ask, null))).toMatchObject({ status: "SUCCEEDED" });
});

test("what becomes of calls by itself does so without being looked at, once, though two servers see to it", async () => {
  const asks = ["sandbox:late", "sandbox:late_decline", "sandbox:action_required", "sandbox:success"].map(
    (token) => anAuthorization(token),
  );
  for (const ask of asks) await sandbox.authorize(ask);
  clock.advance(6 * SECOND);
  await Promise.all([settleDue(app.platform), settleDue(app.platform)]);
  expect(await Promise.all(asks.map(({ key }) => toldOf(app, key)))).toEqual([
    ["pending", "succeeded"],
    ["pending", "failed"],
    ["action_required"],
    ["succeeded"],
  ]);
  clock.advance(HOUR);
  await Promise.all([settleDue(app.platform), settleDue(app.platform)]);
  expect(await toldOf(app, asks[2]!.key)).toEqual(["action_required", "failed"]);
  clock.advance(7 * DAY);
  await Promise.all([settleDue(app.platform), settleDue(app.platform)]);
  expect(await toldOf(app, asks[3]!.key)).toEqual(["succeeded", "lapsed"]);
  const [{ due }] = await app.db.$queryRaw<[{ due: number }]>`
    SELECT count(*)::int AS due FROM sandbox.movements WHERE due_at <= ${clock.now()}::timestamptz`;
  expect(due).toBe(0);
});

test("of a buyer and a shop that decide at once, one does; twenty presses are one", async () => {
  for (let round = 0; round < 5; round++) {
    const ask = anAuthorization("sandbox:action_required", { capture: true });
    const outcome = await sandbox.authorize(ask);
    const presses = Array.from({ length: 20 }, () => decideOnPage(outcome, "confirm"));
    const [cancelled] = await Promise.all([sandbox.cancel(lookUpOf(ask, null)), ...presses]);
    expect(await sandbox.lookUp(lookUpOf(ask, null))).toEqual(cancelled);
    expect((await movedFor(ask.key)).length).toBe(cancelled.status === "SUCCEEDED" ? 2 : 0);
    expect((await toldOf(app, ask.key)).length).toBe(2);
  }
});

test("what it has done is done, though the shop's own transaction is not", async () => {
  const ask = anAuthorization("sandbox:success");
  const undone = app.db.$transaction(async () => {
    await sandbox.authorize(ask);
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  expect(await sandbox.lookUp(lookUpOf(ask, null))).toMatchObject({ status: "SUCCEEDED" });
});

test("its tokens are shared words: forgetting one for an account leaves it to the others", async () => {
  await sandbox.forgetMethod?.("sandbox:success");
  expect(await sandbox.authorize(anAuthorization("sandbox:success"))).toMatchObject({ status: "SUCCEEDED" });
});

test("an authorisation is one statement, its capture and its event with it", async () => {
  const ask = anAuthorization("sandbox:success", { capture: true });
  await sandbox.authorize(anAuthorization("sandbox:success", { capture: true })); // a connection is open
  expect(await countStatements(() => sandbox.authorize(ask))).toBe(1);
  expect(await movedFor(ask.key)).toHaveLength(2);
  expect(await toldOf(app, ask.key)).toEqual(["succeeded"]);
});
