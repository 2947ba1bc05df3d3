import { setTimeout as wait } from "node:timers/promises";
import type { LookUpAsk, PaymentProvider, ProviderOutcome } from "../src/payments";
import { cards } from "../src/payments/sandbox/cards";
import { SECOND } from "../src/platform/clock";
import { anAuthorization, aPart, lookUpOf, movementsOf } from "./provider-suite/harness";
import { startTestApp, type TestApp } from "./support/app";
import { movableClock } from "./support/clock";
import { sandboxHarness, sandboxOf, toldOf } from "./support/sandbox";

const clock = movableClock();
let app: TestApp;
let sandbox: PaymentProvider;
beforeAll(async () => {
  app = await startTestApp({}, { clock });
  sandbox = sandboxOf(app);
});
afterAll(() => app.close({ booksBroken: true })); // it is charged without any order of ours

/** Whether a caller hears what he should; of nothing, that it is not heard soon, and what has to be done meanwhile is. */
async function expectHeard(
  answer: Promise<ProviderOutcome>,
  expected: string,
  ask: LookUpAsk,
  then: string | null,
) {
  const heard = answer.then(
    ({ status }) => status,
    () => "an error",
  );
  if (expected !== "nothing") return expect(await heard).toBe(expected);
  while ((await statusOf(ask)) !== then) await wait(20);
  expect(await Promise.race([heard, wait(200, "nothing")])).toBe("nothing");
}
const statusOf = async (ask: LookUpAsk) => (await sandbox.lookUp(ask))?.status ?? null;
const movedFor = (...keys: string[]) =>
  movementsOf(
    sandboxHarness(app, async () => undefined),
    ...keys,
  );
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
  const which = lookUpOf(ask, null);
  await expectHeard(sandbox.authorize(ask), first, which, then);
  expect(await statusOf(which)).toBe(then);
  await expectHeard(sandbox.authorize(ask), first, which, then); // and once
  clock.advance(6 * SECOND);
  expect(await statusOf(which)).toBe(after);
  expect((await movedFor(ask.key)).length).toBe(after === "SUCCEEDED" ? 2 : 0);
  expect(await toldOf(app, ask.key)).toEqual(told);
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
  const which = { ...ask, kind: "REFUND" as const };
  await expectHeard(sandbox.refund(ask), first, which, then);
  expect(await statusOf(which)).toBe(then);
  if (first === "PENDING")
    // what is under way is not there for another
    expect((await movedFor(ask.key, (await refundedToo(reference)).key)).length).toBe(0);
  clock.advance(6 * SECOND);
  expect(await statusOf(which)).toBe(after);
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
