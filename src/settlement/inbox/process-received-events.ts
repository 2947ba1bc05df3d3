import { SECOND } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import type { Sweep } from "../../platform/jobs";
import { tryEvent } from "./try-event";

/** Connections that a round takes from the requests' pool. */
const AT_ONCE = 3;
/** An event whose provider is silent is tried at least so often: it counts soon after he is back. */
const LONGEST_WAIT_S = 600;
/** How long whoever has an event in hand may be at it, before others look. */
const HAND_S = 5;

/**
 * Takes into account what was received and not yet: the server died, or it could not be done at once. Oldest first, each by one server; one
 * that fails waits for half its age before it is tried again, so that it comes between no others. @returns how many were tried
 */
export async function processReceivedEvents(platform: Platform, stopping?: AbortSignal): Promise<number> {
  let tried = 0;
  const work = async () => {
    while (!stopping?.aborted) {
      const uuid = await takeNext(platform);
      if (!uuid) return;
      tried += 1;
      await tryEvent(platform, uuid);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return tried;
}

/** Takes the oldest event that is due in hand. Of one that is RECEIVED, processed_at says when somebody last did. */
async function takeNext({ db, clock }: Platform): Promise<string | undefined> {
  const now = clock.now();
  const [taken] = await db.$queryRaw<{ id: string }[]>`
    UPDATE provider_events SET processed_at = ${now}::timestamptz WHERE id = (
      SELECT id FROM provider_events
      WHERE state = 'RECEIVED'
        AND processed_at + least(greatest((processed_at - received_at) / 2,
          make_interval(secs => ${HAND_S}::int)), make_interval(secs => ${LONGEST_WAIT_S}::int)) <= ${now}::timestamptz
      ORDER BY received_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id::text`;
  return taken?.id;
}

export const receivedEventsSweep: Sweep = {
  name: "process received events",
  everyMs: 2 * SECOND,
  run: async (platform, stopping) => {
    await processReceivedEvents(platform, stopping);
  },
};
