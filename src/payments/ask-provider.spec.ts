import { readTestConfig } from "../../test/support/config";
import { nothingHappens } from "../platform/fault-points";
import { createLog } from "../platform/log";
import { askProvider, unknownOutcome } from "./ask-provider";

const platform = {
  log: createLog("silent"),
  config: readTestConfig({ PAYMENT_TIMEOUT_MS: "50" }),
  reached: nothingHappens,
};

test("a provider that throws, or says nothing in time, leaves us not knowing; an answer is passed on", async () => {
  const broken = () => Promise.reject(new Error("connection reset"));
  const silent = () => new Promise<never>(() => undefined);
  const answer = { ...unknownOutcome, status: "FAILED", reason: "declined" } as const;
  expect(await askProvider(platform, broken)).toBe(unknownOutcome);
  expect(await askProvider(platform, silent)).toBe(unknownOutcome);
  expect(await askProvider(platform, async () => answer)).toBe(answer);
});
