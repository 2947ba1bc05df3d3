import { setTimeout as wait } from "node:timers/promises";
import type { LookUpAsk, PaymentProvider, ProviderOutcome } from "../src/payments";
import { cards } from "../src/payments/sandbox/cards";
import { settleDue } from "../src/payments/sandbox/settle-due";
import { DAY, HOUR, SECOND } from "../src/platform/clock";
import { anAuthorization, aPart, lookUpOf, movementsOf } from "./provider-suite/harness";
import { startTestApp, type TestApp } from "./support/app";
import { movableClock } from "./support/clock";
import { decideOnPage, eventsOf, sandboxHarness, sandboxOf } from "./support/sandbox";

const clock = movableClock();
let app: TestApp;
let sandbox: PaymentProvider;
beforeAll(async () => {
  app = await startTestApp({}, { clock });
  sandbox = sandboxOf(app);
});
afterAll(() => app.close({ booksBroken: true })); // it is charged without any order of ours

/** What a caller hears within a moment. */
const heard = (answer: Promise<ProviderOutcome>) =>
  Promise.race([
    answer.then(
      ({ status }) => status,
      () => "an error",
    ),
    wait(300, "nothing"),
  ]);
const statusOf = async (ask: LookUpAsk) => (await sandbox.lookUp(ask))?.status ?? null;
const movedFor = (...keys: string[]) =>
  movementsOf(
    sandboxHarness(app, async () => undefined),
    ...keys,
  );
/** What the shop was told about a key, oldest first. */
const toldOf = async (key: string) =>
  (await eventsOf(app, key)).map((body) => JSON.parse(body).type.replace("authorization.", ""));

/** What the caller hears, what look-up says then, and a while later. */
const ways: [token: string, heard: string, then: string | null, later: string | null, told: string[]][] = [
  ["sandbox:success", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED", ["succeeded"]],
  ["sandbox:decline", "FAILED", "FAILED", "FAILED", ["failed"]],
  ["sandbox:insufficient_funds", "FAILED", "FAILED", "FAILED", ["failed"]],
  ["sandbox:action_required", "ACTION_REQUIRED", "ACTION_REQUIRED", "ACTION_REQUIRED", ["action_required"]],
  ["sandbox:late", "PENDING", "PENDING", "SUCCEEDED", ["pending", "succeeded"]],
  ["sandbox:late_decline", "PENDING", "PENDING", "FAILED", ["pending", "failed"]],
  ["sandbox:timeout", "nothing", "SUCCEEDED", "SUCCEEDED", ["succeeded"]],
  ["sandbox:timeout_before", "nothing", null, null, []],
  ["sandbox:server_error", "an error", "SUCCEEDED", "SUCCEEDED", ["succeeded"]],
  ["sandbox:duplicate", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED", ["succeeded"]],
  ["sandbox:reordered", "PENDING", "PENDING", "SUCCEEDED", ["pending", "succeeded"]],
];

test.each(ways)("%s: heard %s, looked up %s, then %s", async (token, first, then, after, told) => {
  const ask = anAuthorization(token, { capture: true });
  expect(await heard(sandbox.authorize(ask))).toBe(first);
  expect(await statusOf(lookUpOf(ask, null))).toBe(then);
  expect(await heard(sandbox.authorize(ask))).toBe(first); // and once
  clock.advance(6 * SECOND);
  expect(await statusOf(lookUpOf(ask, null))).toBe(after);
  expect((await movedFor(ask.key)).length).toBe(after === "SUCCEEDED" ? 2 : 0);
  expect(await toldOf(ask.key)).toEqual(told);
});

const followUps: [token: string, heard: string, then: string | null, later: string | null][] = [
  ["sandbox:success", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"],
  ["sandbox:follow_up_refused", "FAILED", "FAILED", "FAILED"],
  ["sandbox:follow_up_late", "PENDING", "PENDING", "SUCCEEDED"],
  ["sandbox:follow_up_timeout", "nothing", "SUCCEEDED", "SUCCEEDED"],
  ["sandbox:follow_up_timeout_before", "nothing", null, null],
];

test.each(followUps)("%s: a refund is heard %s, looked up %s, then %s", async (token, first, then, after) => {
  const { reference } = await sandbox.authorize(anAuthorization(token, { capture: true }));
  const ask = aPart(reference, 6_00n);
  expect(await heard(sandbox.refund(ask))).toBe(first);
  expect(await statusOf({ ...ask, kind: "REFUND" })).toBe(then);
  if (first === "PENDING")
    // what is under way is not there for another
    expect((await movedFor(ask.key, (await refundedToo(reference)).key)).length).toBe(0);
  clock.advance(6 * SECOND);
  expect(await statusOf({ ...ask, kind: "REFUND" })).toBe(after);
  expect((await movedFor(ask.key)).length).toBe(after === "SUCCEEDED" ? 1 : 0);
});

async function refundedToo(reference: string | null) {
  const ask = aPart(reference, 6_00n);
  expect(await sandbox.refund(ask)).toMatchObject({ status: "FAILED", reason: "amount_too_high" });
  return ask;
}

test("every card is tried here", () => {
  const tried = [...ways, ...followUps].map(([token]) => token);
  expect([...new Set(tried)].sort()).toEqual(Object.keys(cards).sort());
});

test("an authorisation lapses after seven days: what is left of it is released, and can't be captured any more", async () => {
  const ask = anAuthorization("sandbox:success");
  const { reference } = await sandbox.authorize(ask);
  await sandbox.capture(aPart(reference, 4_00n));
  clock.advance(7 * DAY - SECOND);
  expect(await sandbox.lookUp(lookUpOf(ask, reference))).toMatchObject({ status: "SUCCEEDED" });
  clock.advance(SECOND);
  const lapsed = { status: "FAILED", reason: "expired", reference };
  expect(await sandbox.lookUp(lookUpOf(ask, reference))).toMatchObject(lapsed);
  expect(await sandbox.capture(aPart(reference, 1n))).toMatchObject({ status: "FAILED", reason: "expired" });
  expect(await sandbox.refund(aPart(reference, 4_00n))).toMatchObject({ status: "SUCCEEDED" });
  expect(await movedFor(ask.key)).toMatchObject([{ kind: "VOID", reference, amount: 6_00n }]);
  expect(await toldOf(ask.key)).toEqual(["succeeded", "lapsed"]);
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
  expect(await Promise.all(asks.map(({ key }) => toldOf(key)))).toEqual([
    ["pending", "succeeded"],
    ["pending", "failed"],
    ["action_required"],
    ["succeeded"],
  ]);
  clock.advance(HOUR);
  await Promise.all([settleDue(app.platform), settleDue(app.platform)]);
  expect(await toldOf(asks[2]!.key)).toEqual(["action_required", "failed"]);
  clock.advance(7 * DAY);
  await Promise.all([settleDue(app.platform), settleDue(app.platform)]);
  expect(await toldOf(asks[3]!.key)).toEqual(["succeeded", "lapsed"]);
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
    expect((await toldOf(ask.key)).length).toBe(2);
  }
});

test("what it has done is done, though the shop's own transaction is not", async () => {
  const ask = anAuthorization("sandbox:success");
  const undone = app.db.$transaction(async () => {
    await sandbox.authorize(ask);
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  expect(await statusOf(lookUpOf(ask, null))).toBe("SUCCEEDED");
});

test("its tokens are shared words: forgetting one for an account leaves it to the others", async () => {
  await sandbox.forgetMethod?.("sandbox:success");
  expect(await sandbox.authorize(anAuthorization("sandbox:success"))).toMatchObject({ status: "SUCCEEDED" });
});
