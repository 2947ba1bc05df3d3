import { readTestConfig } from "../../test/support/config";
import { nothingHappens } from "../platform/fault-points";
import { createLog } from "../platform/log";
import { askProvider, unknownOutcome } from "./ask-provider";

const log = createLog("silent");
const platform = {
  log,
  config: readTestConfig({ PAYMENT_TIMEOUT_MS: "50" }),
  reached: nothingHappens,
  giveWay: jest.fn(() => true),
};
const asked = { provider: "sandbox", call: "CAPTURE", key: "payop_1" };

test("who waits for longer than a second gives way, once, and who is answered before does not", async () => {
  jest.useFakeTimers();
  const slow = { ...platform, config: readTestConfig({ PAYMENT_TIMEOUT_MS: "15000" }) };
  const asking = askProvider(slow, asked, () => new Promise<never>(() => undefined));
  jest.advanceTimersByTime(999);
  expect(platform.giveWay).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(14_001);
  expect(await asking).toBe(unknownOutcome);
  expect(platform.giveWay).toHaveBeenCalledTimes(1);
  await askProvider(slow, asked, async () => unknownOutcome);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(platform.giveWay).toHaveBeenCalledTimes(1);
  jest.useRealTimers();
});

test("who may not go on waiting is told after a second that it is not known", async () => {
  jest.useFakeTimers();
  const full = { ...platform, config: readTestConfig({ PAYMENT_TIMEOUT_MS: "15000" }), giveWay: () => false };
  const asking = askProvider(full, asked, () => new Promise<never>(() => undefined));
  await jest.advanceTimersByTimeAsync(1_000);
  expect(await asking).toBe(unknownOutcome);
  jest.useRealTimers();
});

test("a provider that throws, or says nothing in time, leaves us not knowing, and the log says whom we asked for what; an answer is passed on", async () => {
  const warned = jest.spyOn(log, "warn");
  const broken = () => Promise.reject(new Error("connection reset"));
  const silent = () => new Promise<never>(() => undefined);
  const answer = { ...unknownOutcome, status: "FAILED", reason: "declined" } as const;
  expect(await askProvider(platform, asked, broken)).toBe(unknownOutcome);
  expect(await askProvider(platform, asked, silent)).toBe(unknownOutcome);
  expect(warned.mock.calls).toEqual([
    [expect.objectContaining({ ...asked, err: expect.any(Error) }), expect.any(String)],
    [expect.objectContaining(asked), expect.any(String)],
  ]);
  expect(await askProvider(platform, asked, async () => answer)).toBe(answer);
  expect(warned).toHaveBeenCalledTimes(2);
});
