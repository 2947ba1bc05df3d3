import { askedOf, lookUpOf, readOperation } from "../checkout";
import { findProvider, outcomeOf, type ProviderOutcome, withinLimit } from "../payments";
import type { Platform } from "../platform/context";

const UNHEARD = outcomeOf("UNKNOWN");

/**
 * What a provider answers now when it is asked about one of our operations, settled or not. Nothing is written.
 * @returns null when it never got the call, UNKNOWN when it does not answer
 */
export async function lookUpOperation(
  platform: Platform,
  operationUuid: string,
): Promise<ProviderOutcome | null> {
  const operation = await readOperation(platform, operationUuid);
  const provider = findProvider(platform, operation.provider);
  if (!provider) return UNHEARD;
  return withinLimit(platform, askedOf(operation), () => provider.lookUp(lookUpOf(operation)), UNHEARD);
}
