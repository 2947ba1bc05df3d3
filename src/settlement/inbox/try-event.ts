import { later, MINUTE } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import { isUnavailable } from "../../platform/errors";
import { processEvent } from "./process-event";

/** Tried again and again for this long, ever more seldom; then a person has to look, and the shop's books say that nothing waits. */
const GIVE_UP_MS = 4 * MINUTE;

/**
 * Takes an event into account if that can be done now. What fails is logged and stays for the next round, so that it holds up no other;
 * what fails for minutes is put before a person, unless it is the database that isn't there.
 */
export async function tryEvent(platform: Platform, eventUuid: string): Promise<void> {
  try {
    await processEvent(platform, eventUuid);
  } catch (error) {
    platform.log.error({ err: error, eventUuid }, "a provider's event could not be taken into account");
    if (!isUnavailable(error)) await setAside(platform, eventUuid);
  }
}

async function setAside({ db, clock, log }: Platform, eventUuid: string): Promise<void> {
  const at = clock.now();
  const set = await db.$executeRaw`
    UPDATE provider_events SET state = 'REVIEW', note = 'could not be taken into account', processed_at = ${at}::timestamptz,
      told = told #- '{outcome,method}'
    WHERE id = ${eventUuid}::uuid AND state = 'RECEIVED' AND received_at <= ${later(at, -GIVE_UP_MS)}::timestamptz`;
  if (set > 0) log.error({ eventUuid }, "a provider's event is for a person to look at");
}
