import type { PaymentProvider } from "../src/payments";
import { MINUTE, SECOND } from "../src/platform/clock";
import { anAuthorization, aPart } from "./provider-suite/harness";
import { startTestApp, type TestApp } from "./support/app";
import { movableClock } from "./support/clock";
import { countStatements } from "./support/count-statements";
import { sandboxOf } from "./support/sandbox";
import { receiveWebhooks } from "./support/webhook-receiver";

const clock = movableClock();
let app: TestApp;
let sandbox: PaymentProvider;
let receiver: Awaited<ReturnType<typeof receiveWebhooks>>;
beforeAll(async () => {
  app = await startTestApp({}, { clock });
  sandbox = sandboxOf(app);
  receiver = await receiveWebhooks(app);
});
afterAll(async () => {
  receiver.close();
  await app.close({ booksBroken: true }); // it is charged without any order of ours
});
const whatCameFor = (...keys: string[]) => receiver.cameFor(...keys).map(({ what }) => what);

test("every change is brought to the shop's webhook, signed, once it is done and no more", async () => {
  const ask = anAuthorization("sandbox:success");
  const { reference } = await sandbox.authorize(ask);
  const [capture, refund, tooMuch] = [
    aPart(reference, 10_00n),
    aPart(reference, 1_00n),
    aPart(reference, 99_00n),
  ];
  await sandbox.capture(capture);
  await sandbox.refund(refund);
  await sandbox.refund(tooMuch);
  await receiver.sweep();
  expect(whatCameFor(ask.key, capture.key, refund.key, tooMuch.key).sort()).toEqual([
    "AUTHORIZE SUCCEEDED",
    "CAPTURE SUCCEEDED",
    "REFUND FAILED",
    "REFUND SUCCEEDED",
  ]);
  expect(new Set(receiver.received.map(({ path }) => path))).toEqual(new Set(["POST /webhooks/sandbox"]));
  expect(receiver.received.every(({ webhook }) => webhook.genuine && !webhook.live)).toBe(true);
  await receiver.sweep();
  expect(receiver.received).toHaveLength(4);
});

test("nothing that opens the buyer's page is in an event", async () => {
  const { nextAction } = await sandbox.authorize(anAuthorization("sandbox:action_required"));
  const [{ found }] = await app.db.$queryRaw<[{ found: number }]>`
    SELECT count(*)::int AS found FROM sandbox.events
    WHERE position(${new URL(nextAction?.url ?? "").pathname.split("/").at(-1)} IN body) > 0`;
  expect(found).toBe(0);
});

test("two servers bring each event once", async () => {
  const asks = Array.from({ length: 40 }, () => anAuthorization("sandbox:success"));
  for (const ask of asks) await sandbox.authorize(ask);
  await Promise.all([receiver.sweep(), receiver.sweep()]);
  expect(receiver.cameFor(...asks.map(({ key }) => key))).toHaveLength(40);
});

test("one statement ticks off what was brought and takes the next ten", async () => {
  const asks = Array.from({ length: 30 }, () => anAuthorization("sandbox:success"));
  for (const ask of asks) await sandbox.authorize(ask);
  expect(await countStatements(() => receiver.sweep(), /UPDATE sandbox\.events/)).toBe(4);
  expect(receiver.cameFor(...asks.map(({ key }) => key))).toHaveLength(30);
  clock.advance(MINUTE);
  await receiver.sweep();
  expect(receiver.cameFor(...asks.map(({ key }) => key))).toHaveLength(30);
});

test("a server that leaves ticks off what it has brought, and leaves the rest to others", async () => {
  const asks = Array.from({ length: 15 }, () => anAuthorization("sandbox:success"));
  for (const ask of asks) await sandbox.authorize(ask);
  const keys = asks.map(({ key }) => key);
  await sandbox.sweeps?.[0]?.run(app.platform, AbortSignal.abort());
  expect(receiver.cameFor(...keys)).toHaveLength(10);
  await receiver.sweep();
  clock.advance(MINUTE);
  await receiver.sweep();
  expect(receiver.cameFor(...keys)).toHaveLength(15);
  expect(new Set(receiver.cameFor(...keys).map(({ eventId }) => eventId)).size).toBe(15);
});

test("sandbox:duplicate: the same event comes three times at once", async () => {
  const ask = anAuthorization("sandbox:duplicate");
  await sandbox.authorize(ask);
  await receiver.sweep();
  expect(receiver.cameFor(ask.key)).toHaveLength(3);
  expect(new Set(receiver.cameFor(ask.key).map(({ eventId }) => eventId)).size).toBe(1);
});

test("sandbox:reordered: what came later is told first", async () => {
  const ask = anAuthorization("sandbox:reordered");
  const { reference } = await sandbox.authorize(ask);
  clock.advance(5 * SECOND);
  await receiver.sweep();
  const [capture, refund] = [aPart(reference, 10_00n), aPart(reference, 1_00n)];
  await sandbox.capture(capture);
  await sandbox.refund(refund);
  for (let waited = 0; waited < 15; waited++) {
    await receiver.sweep();
    clock.advance(SECOND);
  }
  expect(whatCameFor(ask.key)).toEqual(["AUTHORIZE SUCCEEDED", "AUTHORIZE PENDING"]);
  expect(whatCameFor(capture.key, refund.key)).toEqual(["REFUND SUCCEEDED", "CAPTURE SUCCEEDED"]);
});
