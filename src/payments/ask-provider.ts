import { setTimeout as wait } from "node:timers/promises";
import { SECOND } from "../platform/clock";
import type { Logger } from "../platform/log";
import type { ProviderOutcome } from "./provider";

/** Providers answer in a second or two; well below the lease that the asker holds on the operation. */
const PROVIDER_LIMIT_MS = 15 * SECOND;

/** Nothing was heard: neither yes nor no, to be settled later with the same key. */
export const unknownOutcome: ProviderOutcome = {
  status: "UNKNOWN",
  reference: null,
  captured: false,
  reason: null,
  method: null,
  nextAction: null,
};

/**
 * Asks a provider within a time limit. What throws or does not answer in time is UNKNOWN, never a refusal: the money may have moved.
 */
export async function askProvider(
  log: Logger,
  call: () => Promise<ProviderOutcome>,
  limitMs = PROVIDER_LIMIT_MS,
): Promise<ProviderOutcome> {
  const answered = new AbortController();
  const late = wait(limitMs, unknownOutcome, { signal: answered.signal, ref: false });
  late.catch(() => undefined); // the timer is called off once there is an answer
  try {
    const outcome = await Promise.race([call(), late]);
    if (outcome === unknownOutcome) log.warn({ limitMs }, "a payment provider did not answer in time");
    return outcome;
  } catch (error) {
    log.warn({ err: error }, "a payment provider failed to answer");
    return unknownOutcome;
  } finally {
    answered.abort();
  }
}
