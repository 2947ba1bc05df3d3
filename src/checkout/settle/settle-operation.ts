import {
  askProvider,
  type BuyerAction,
  findProvider,
  HOLD_MS,
  isOpen,
  outcomeOf,
  type PaymentProvider,
  type ProviderOutcome,
} from "../../payments";
import { later } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import { advanceOrder } from "../advance/advance-order";
import type { OperationOutcome } from "../advance/operation-outcome";
import {
  askedOf,
  authorizationOf,
  followUpOf,
  lookUpOf,
  type OperationToAsk,
  readOperation,
  takeLease,
} from "./operation-to-ask";

/** The buyer has gone and the provider never heard of it: nobody is charged any more. */
const givenUp = outcomeOf("FAILED", { reason: "cancelled" });

/**
 * Takes an open operation further whose asker died or heard nothing: asks the provider what became of its key, asks again with the same
 * key when it never arrived, calls it off when the buyer's time to confirm is over, and advances the order.
 * @returns whether the provider answered; null when there was nothing to do, because somebody else is at it, or was
 */
export async function settleOperation(platform: Platform, operationUuid: string): Promise<boolean | null> {
  const operation = await takeLease(platform, operationUuid);
  if (!operation) return null;
  await platform.reached("settling.leased");
  let heard = false;
  await ask(platform, operation, async (provider) => {
    const outcome =
      operation.status === "ACTION_REQUIRED"
        ? await provider.cancel(lookUpOf(operation))
        : ((await provider.lookUp(lookUpOf(operation))) ?? (await put(platform, provider, operation)));
    heard = outcome.status !== "UNKNOWN";
    return outcome;
  });
  return heard;
}

/** Asks the provider for an operation that the caller has just opened, and holds the lease of. @returns what it came to */
export async function askOperation(platform: Platform, operationUuid: string): Promise<OperationOutcome> {
  await platform.reached("follow-up.opened");
  const operation = await readOperation(platform, operationUuid);
  return ask(platform, operation, (provider) => put(platform, provider, operation));
}

/**
 * Calls an attempt to pay off at its provider while it waits for its buyer, whoever holds its lease, and advances the order by the answer:
 * the buyer may have got there first. Nothing when it doesn't wait (any more).
 */
export async function callOffOperation(platform: Platform, operationUuid: string): Promise<void> {
  const operation = await readOperation(platform, operationUuid);
  if (operation.status !== "ACTION_REQUIRED") return;
  await ask(platform, operation, (provider) => provider.cancel(lookUpOf(operation)));
}

/**
 * Asks the provider what became of an open operation, whoever holds its lease, and advances the order by what it says; that it never got it,
 * or says nothing, changes nothing. @returns what the buyer has to do now
 */
export async function resumeOperation(
  platform: Platform,
  operationUuid: string,
): Promise<BuyerAction | null> {
  const operation = await readOperation(platform, operationUuid);
  return isOpen(operation.status) ? hear(platform, operation) : null;
}

/** Asks the provider whether an authorisation still stands; what has ended of it is booked as a void. */
export async function confirmAuthorization(platform: Platform, operationUuid: string): Promise<void> {
  await hear(platform, await readOperation(platform, operationUuid));
}

async function hear(platform: Platform, operation: OperationToAsk): Promise<BuyerAction | null> {
  const heard = await askProvider(platform, askedOf(operation), async () => {
    return (await providerOf(platform, operation).lookUp(lookUpOf(operation))) ?? outcomeOf("UNKNOWN");
  });
  if (heard.status !== "UNKNOWN") await advanceOrder(platform, operation.uuid, heard);
  return heard.nextAction;
}

/** What the buyer has to do now, asked anew because it is never stored; null when the operation doesn't wait for him. */
export async function askForAction(platform: Platform, operationUuid: string): Promise<BuyerAction | null> {
  const { status } = await readOperation(platform, operationUuid);
  return status === "ACTION_REQUIRED" ? resumeOperation(platform, operationUuid) : null;
}

/** @throws when its provider is not switched on */
function providerOf(platform: Platform, { provider: handle }: OperationToAsk): PaymentProvider {
  const provider = findProvider(platform, handle);
  if (!provider) throw new Error(`The payment provider ${handle} is not switched on`);
  return provider;
}

async function ask(
  platform: Platform,
  operation: OperationToAsk,
  call: (provider: PaymentProvider) => Promise<ProviderOutcome>,
): Promise<OperationOutcome> {
  const outcome = await askProvider(platform, askedOf(operation), async () =>
    call(providerOf(platform, operation)),
  );
  return advanceOrder(platform, operation.uuid, outcome);
}

/** Puts the operation to its provider; an authorisation only as long as the buyer's stock is held and the token can be read. */
async function put(
  platform: Platform,
  provider: PaymentProvider,
  operation: OperationToAsk,
): Promise<ProviderOutcome> {
  switch (operation.kind) {
    case "CAPTURE":
      return provider.capture(followUpOf(operation));
    case "VOID":
      return provider.void(followUpOf(operation));
    case "REFUND":
      return provider.refund(followUpOf(operation));
    case "AUTHORIZE": {
      const inTime = platform.clock.now() < later(operation.createdAt, HOLD_MS);
      const wanted = authorizationOf(platform, operation);
      return inTime && wanted ? provider.authorize(wanted) : givenUp;
    }
  }
}
