import type { PaymentProvider } from "../src/payments";
import { DAY, HOUR, MINUTE, SECOND } from "../src/platform/clock";
import { anAuthorization } from "./provider-suite/harness";
import { startTestApp, type TestApp } from "./support/app";
import { movableClock } from "./support/clock";
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
beforeEach(() => {
  receiver.answers = 200;
});

test.each([[500], [404], [302]])("what is answered %d is brought again, later and later", async (status) => {
  receiver.answers = status;
  const ask = anAuthorization("sandbox:success");
  const begun = clock.now().getTime();
  await sandbox.authorize(ask);
  for (let waited = 0; waited < 3 * MINUTE; waited += 2 * SECOND) {
    await receiver.sweep();
    clock.advance(2 * SECOND);
  }
  expect(new Set(receiver.received.map(({ path }) => path))).toEqual(new Set(["POST /webhooks/sandbox"]));
  const after = receiver.cameFor(ask.key).map(({ at }) => Math.round((at.getTime() - begun) / SECOND));
  expect(after).toHaveLength(5);
  for (const [index, due] of [0, 10, 30, 70, 150].entries()) {
    expect(after[index]).toBeGreaterThanOrEqual(due);
    expect(after[index]).toBeLessThanOrEqual(due + 15);
  }
  receiver.answers = 204;
  clock.advance(HOUR);
  await receiver.sweep();
  expect(receiver.cameFor(ask.key)).toHaveLength(6);
  clock.advance(DAY);
  await receiver.sweep();
  expect(receiver.cameFor(ask.key)).toHaveLength(6);
});

test("after three days nobody is told any more", async () => {
  receiver.answers = 500;
  const ask = anAuthorization("sandbox:success", { capture: true });
  await sandbox.authorize(ask);
  for (let hours = 0; hours <= 3 * 24 + 7; hours++) {
    await receiver.sweep();
    clock.advance(HOUR);
  }
  const attempts = receiver.cameFor(ask.key).length;
  expect(attempts).toBeGreaterThan(10);
  clock.advance(30 * DAY);
  await receiver.sweep();
  expect(receiver.cameFor(ask.key)).toHaveLength(attempts);
});

test("a receiver that never answers is not waited for", async () => {
  receiver.answers = "nothing";
  const ask = anAuthorization("sandbox:success");
  await sandbox.authorize(ask);
  await receiver.sweep();
  receiver.answers = 200;
  clock.advance(MINUTE);
  await receiver.sweep();
  expect(receiver.cameFor(ask.key)).toHaveLength(2);
});

test("a script, which nobody can reach, brings nothing and loses nothing", async () => {
  const { own } = app.platform.address;
  app.platform.address.own = null;
  const ask = anAuthorization("sandbox:success");
  await sandbox.authorize(ask);
  await receiver.sweep();
  app.platform.address.own = own;
  expect(receiver.cameFor(ask.key)).toEqual([]);
  await receiver.sweep();
  expect(receiver.cameFor(ask.key)).toHaveLength(1);
});

test("what was brought a month ago is forgotten; what is still to be brought never", async () => {
  const brought = anAuthorization("sandbox:success");
  await sandbox.authorize(brought);
  await receiver.sweep();
  receiver.answers = 500;
  const waiting = anAuthorization("sandbox:success");
  await sandbox.authorize(waiting);
  await receiver.sweep();
  const kept = async () => {
    const rows = await app.db.$queryRaw<{ key: string }[]>`
      SELECT key FROM sandbox.events WHERE key IN (${brought.key}, ${waiting.key}) ORDER BY created_at, id`;
    return rows.map(({ key }) => key);
  };
  expect(await kept()).toEqual([brought.key, waiting.key]);
  const [, forget] = sandbox.sweeps ?? [];
  clock.advance(31 * DAY);
  await forget?.run(app.platform, new AbortController().signal);
  expect(await kept()).toEqual([waiting.key]);
});
