import { DAY, later, MINUTE } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import { isUnavailable } from "../../platform/errors";
import { processEvent, Unconfirmed } from "./process-event";

/** Tried again and again for this long, ever more seldom; then a person has to look, and the shop's books say that nothing waits. */
const GIVE_UP_MS = 4 * MINUTE;
/** A provider that is down while its webhooks come settles what it told when it is back; nobody has to look before. */
const UNCONFIRMED_GIVE_UP_MS = DAY;

/**
 * Takes an event into account if that can be done now. What fails is logged and stays for the next round, so that it holds up no other;
 * what fails for minutes (a day, when it is only that the provider is silent) is put before a person, unless it is the database that isn't there.
 */
export async function tryEvent(platform: Platform, eventUuid: string): Promise<void> {
  try {
    await processEvent(platform, eventUuid);
  } catch (error) {
    platform.log.error({ err: error, eventUuid }, "a provider's event could not be taken into account");
    if (error instanceof Unconfirmed) await keepWaiting(platform, eventUuid);
    else if (!isUnavailable(error)) await setAside(platform, eventUuid, GIVE_UP_MS);
  }
}

async function keepWaiting(platform: Platform, eventUuid: string): Promise<void> {
  await platform.db.$executeRaw`
    UPDATE provider_events SET note = 'the provider does not confirm it yet' WHERE id = ${eventUuid}::uuid AND state = 'RECEIVED'`;
  await setAside(platform, eventUuid, UNCONFIRMED_GIVE_UP_MS);
}

async function setAside({ db, clock, log }: Platform, eventUuid: string, after: number): Promise<void> {
  const at = clock.now();
  const set = await db.$executeRaw`
    UPDATE provider_events SET state = 'REVIEW', note = 'could not be taken into account', processed_at = ${at}::timestamptz,
      told = told #- '{outcome,method}'
    WHERE id = ${eventUuid}::uuid AND state = 'RECEIVED' AND received_at <= ${later(at, -after)}::timestamptz`;
  if (set > 0) log.error({ eventUuid }, "a provider's event is for a person to look at");
}
