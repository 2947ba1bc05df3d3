import { randomUUID } from "node:crypto";
import type { PaymentProvider } from "../src/payments";
import { startTestApp, type TestApp } from "./support/app";

let app: TestApp;
let sandbox: PaymentProvider;
beforeAll(async () => {
  app = await startTestApp();
  [sandbox] = app.platform.services.providers as [PaymentProvider];
});
afterAll(() => app.close({ booksBroken: true })); // it is charged without any order of ours

const anAsk = (about: object = {}) => ({
  ...{ key: randomUUID(), amount: 10_00n, currency: "EUR", token: "sandbox:success", capture: true },
  ...about,
});

test.each([
  ["sandbox:success", true, "SUCCEEDED", null],
  ["sandbox:decline", true, "FAILED", "declined"],
  ["sandbox:insufficient_funds", true, "FAILED", "insufficient_funds"],
  ["sandbox:timeout", false, "FAILED", "payment_method_invalid"],
  ["toString", false, "FAILED", "payment_method_invalid"],
])("%s", async (token, accepted, status, reason) => {
  expect(sandbox.acceptsToken(token)).toBe(accepted);
  expect(await sandbox.authorize(anAsk({ token }))).toMatchObject({
    status,
    reason,
    captured: status === "SUCCEEDED",
  });
});

test("one key charges once, however often and however much at once it is asked; look-up finds it, and nothing else", async () => {
  const ask = anAsk();
  expect(await sandbox.lookUp(ask.key)).toBeNull();
  const answers = await Promise.all(Array.from({ length: 20 }, () => sandbox.authorize(ask)));
  expect(new Set(answers.map(({ reference }) => reference)).size).toBe(1);
  expect(await sandbox.lookUp(ask.key)).toEqual(answers[0]);
  await expect(sandbox.authorize({ ...ask, amount: 9_99n })).rejects.toThrow(/something else/);
});

test("parts are captured, voided and refunded up to what there is, also when asked at once", async () => {
  const { reference } = await sandbox.authorize(anAsk({ capture: false }));
  const part = (amount: bigint, of = reference) => ({
    key: randomUUID(),
    amount,
    currency: "EUR",
    reference: of ?? "",
  });
  const captures = await Promise.all(Array.from({ length: 5 }, () => sandbox.capture(part(3_00n))));
  expect(captures.filter(({ status }) => status === "SUCCEEDED")).toHaveLength(3);
  expect(captures.find(({ status }) => status === "FAILED")?.reason).toBe("amount_too_high");
  expect(await sandbox.void(part(1_00n))).toMatchObject({ status: "SUCCEEDED" });
  expect(await sandbox.void(part(1n))).toMatchObject({ status: "FAILED" });
  const captured = captures.find(({ status }) => status === "SUCCEEDED")?.reference ?? null;
  expect(await sandbox.refund(part(3_00n, captured))).toMatchObject({ status: "SUCCEEDED" });
  expect(await sandbox.refund(part(1n, captured))).toMatchObject({ status: "FAILED" });
  expect(await sandbox.refund(part(1n))).toMatchObject({ status: "FAILED", reason: "not_found" });
  expect(await sandbox.capture(part(1n, "sandbox_nothing"))).toMatchObject({
    status: "FAILED",
    reason: "not_found",
  });
});
