import { readTestConfig } from "../../test/support/config";
import { nothingHappens } from "../platform/fault-points";
import { createLog } from "../platform/log";
import { askProvider, unknownOutcome } from "./ask-provider";

const log = createLog("silent");
const platform = {
  log,
  config: readTestConfig({ PAYMENT_TIMEOUT_MS: "50" }),
  reached: nothingHappens,
};
const asked = { provider: "sandbox", call: "CAPTURE", key: "payop_1" };

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
