import { createLog } from "../platform/log";
import { askProvider, unknownOutcome } from "./ask-provider";

const log = createLog("silent");

test("a provider that throws, or says nothing in time, leaves us not knowing; an answer is passed on", async () => {
  const broken = () => Promise.reject(new Error("connection reset"));
  const silent = () => new Promise<never>(() => undefined);
  const answer = { ...unknownOutcome, status: "FAILED", reason: "declined" } as const;
  expect(await askProvider(log, broken)).toBe(unknownOutcome);
  expect(await askProvider(log, silent, 20)).toBe(unknownOutcome);
  expect(await askProvider(log, async () => answer, 20)).toBe(answer);
});
