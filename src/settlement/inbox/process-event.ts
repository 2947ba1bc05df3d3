import { advanceOrder } from "../../checkout";
import type { ProviderOutcome } from "../../payments";
import type { Platform } from "../../platform/context";
import { type Tx, transact } from "../../platform/database";
import { lookUpOperation } from "../look-up-operation";
import { judgeEvent, type KnownOperation, type Verdict } from "./judge-event";
import { lockOperation } from "./known-operation";
import { fromTold, type Told } from "./told";

type Stored = { provider: string; eventId: string; type: string; told: Told };
type Judged = Stored & { verdict: Verdict; operation: KnownOperation | null };

/** Money for an attempt that had failed was told of, and the provider is silent when it is asked whether that is so. */
export class Unconfirmed extends Error {}

/**
 * Takes an event that was received into account, once: whoever else is at it goes first, and then there is nothing left to do.
 * @throws when it cannot be now; the event stays as it is
 */
export async function processEvent(platform: Platform, eventUuid: string): Promise<void> {
  const judged = await takeIn(platform, eventUuid, null);
  if (judged?.verdict.verdict === "ask" && judged.operation) {
    // Between two transactions: nobody waits for a provider while holding locks.
    const confirmed = await lookUpOperation(platform, judged.operation.uuid);
    if (confirmed?.status === "UNKNOWN") throw new Unconfirmed("The provider does not confirm what it told");
    await takeIn(platform, eventUuid, confirmed);
  }
  await platform.reached("webhook.processed");
}

/** Judges an event and does what follows, all in one transaction; undefined when somebody else has it, or had. */
async function takeIn(platform: Platform, eventUuid: string, confirmed: ProviderOutcome | null) {
  const judged = await transact(platform.db, async (tx): Promise<Judged | undefined> => {
    const [stored] = await tx.$queryRaw<Stored[]>`
      SELECT provider, event_id AS "eventId", type, told FROM provider_events
      WHERE id = ${eventUuid}::uuid AND state = 'RECEIVED' FOR UPDATE SKIP LOCKED`;
    if (!stored) return undefined;
    const event = fromTold(stored.told);
    const operation = await lockOperation(tx, stored.provider, event.key);
    const verdict = judgeEvent(event, operation, confirmed);
    if (verdict.verdict === "ask") return { ...stored, verdict, operation };
    if (verdict.verdict === "act" && operation)
      await advanceOrder(platform, operation.uuid, verdict.outcome, tx);
    await finish(tx, platform.clock.now(), eventUuid, operation, verdict);
    await platform.reached("webhook.processing");
    return { ...stored, verdict, operation };
  });
  if (judged?.verdict.verdict === "review") {
    const { provider, eventId, type, operation, verdict } = judged;
    const about = { provider, eventId, type, operationUuid: operation?.uuid, note: verdict.note };
    platform.log.error(about, "a provider's event is for a person to look at");
  }
  return judged;
}

const STATES = { act: "PROCESSED", ignore: "IGNORED", review: "REVIEW" } as const;

async function finish(
  tx: Tx,
  at: Date,
  eventUuid: string,
  operation: KnownOperation | null,
  verdict: Exclude<Verdict, { verdict: "ask" }>,
) {
  const note = verdict.verdict === "act" ? null : verdict.note;
  await tx.$executeRaw`
    UPDATE provider_events SET state = ${STATES[verdict.verdict]}::provider_event_state, note = ${note},
      operation_id = ${operation?.uuid ?? null}::uuid, processed_at = ${at}::timestamptz, told = told #- '{outcome,method}'
    WHERE id = ${eventUuid}::uuid`;
}
