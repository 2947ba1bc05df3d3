import type { Platform } from "../platform/context";
import { within } from "../platform/within";
import { outcomeOf, type ProviderOutcome } from "./provider-outcome";

/** Who has waited so long for a provider is in nobody's way meanwhile: one that is silent must not close the shop. */
const GIVE_WAY_MS = 1_000;

/** Nothing was heard: neither yes nor no, to be settled later with the same key. */
export const unknownOutcome: ProviderOutcome = outcomeOf("UNKNOWN");

/** Who is asked for what, for the log: the provider's handle, what the call is for, and the key by which its books know it. */
export type Asked = { provider: string; call: string; key?: string };

/**
 * Asks a provider within the time limit of the settings. What throws or does not answer in time is UNKNOWN, never a refusal: the money
 * may have moved.
 */
export async function askProvider(
  platform: Pick<Platform, "log" | "config" | "reached" | "giveWay">,
  asked: Asked,
  call: () => Promise<ProviderOutcome>,
): Promise<ProviderOutcome> {
  const outcome = await withinLimit(platform, asked, call, unknownOutcome);
  await platform.reached("provider.answered");
  return outcome;
}

/** What a provider answers, or `otherwise` when it throws or does not answer in time, which is a second while very many wait for providers. */
export async function withinLimit<Answer>(
  { log, config, giveWay }: Pick<Platform, "log" | "config" | "giveWay">,
  asked: Asked,
  call: () => Promise<Answer>,
  otherwise: Answer,
): Promise<Answer> {
  const limitMs = config.payments.timeoutMs;
  const since = performance.now();
  try {
    const answering = call();
    const soon = answering.then((answer) => ({ answer }));
    const inTime = await within(Math.min(GIVE_WAY_MS, limitMs), soon, null);
    const late = async () => (giveWay() ? within(limitMs - GIVE_WAY_MS, answering, otherwise) : otherwise);
    const answer = inTime ? inTime.answer : await late();
    const waitedMs = Math.round(performance.now() - since);
    if (answer === otherwise) log.warn({ ...asked, waitedMs }, "a payment provider did not answer in time");
    return answer;
  } catch (error) {
    log.warn({ ...asked, err: error }, "a payment provider failed to answer");
    return otherwise;
  }
}
