import { type Clock, later } from "../../platform/clock";
import { type Db, transact } from "../../platform/database";
import type { AuthorizeAsk, FollowUpAsk } from "../provider";
import type { FailureReason } from "../provider-outcome";
import { comeDue, decide, holdIntent, isDue, leftOf, writeCall } from "./books";
import { CONFIRM_MS, cardOf, type Way } from "./cards";
import { findCall, type Movement, newReference } from "./movement";

export type Books = { db: Db; clock: Clock };
export type FollowUpKind = "CAPTURE" | "VOID" | "REFUND";

/** Authorises, or authorises and captures in one, as the token says; once for its key. @throws when the key was used for something else */
export async function authorize({ db, clock }: Books, ask: AuthorizeAsk): Promise<Movement> {
  const { key, amount, currency, token, capture, orderNumber, returnUrl } = ask;
  const at = clock.now();
  const reference = newReference();
  const call = { key, kind: "AUTHORIZE" as const, reference, intent: reference, amount, currency };
  const way = cardOf(token)?.authorize ?? { refused: "payment_method_invalid" };
  const made = await writeCall(db, at, {
    ...call,
    token,
    capture,
    orderNumber,
    returnUrl,
    ...begun(at, way),
  });
  return upToDate({ db, clock }, made);
}

/**
 * Captures, voids or refunds (part of) an authorisation, once for its key, no more than is left of it: of two at once the second waits.
 * @returns null when the call got lost on its way, as the card says
 * @throws when the key was used for something else
 */
export async function followUp(
  { db, clock }: Books,
  kind: FollowUpKind,
  ask: FollowUpAsk,
): Promise<Movement | null> {
  const { key, reference: intent, amount, currency } = ask;
  const made = await transact(db, async (tx) => {
    const at = clock.now();
    const held = await holdIntent(tx, at, intent);
    const { token = null, orderNumber = null } = held ?? {};
    const card: Way = cardOf(token)?.followUps ?? {};
    if (card.lost) return null;
    const known = await findCall(tx, key);
    const refused = known || !held ? undefined : refusalOf(kind, ask, held, await leftOf(tx, held));
    const way = held ? (refused ? { refused } : card) : { refused: "not_found" as const };
    const call = { key, kind, reference: newReference(), intent, amount, currency, token, orderNumber };
    return writeCall(tx, at, { ...call, capture: false, returnUrl: null, ...begun(at, way) });
  });
  return made && upToDate({ db, clock }, made);
}

function refusalOf(
  kind: FollowUpKind,
  { amount, currency }: FollowUpAsk,
  held: Movement,
  left: Awaited<ReturnType<typeof leftOf>>,
): FailureReason | undefined {
  if (held.currency !== currency) return "refused";
  if (kind === "REFUND") return amount > left.refundable ? "amount_too_high" : undefined;
  if (held.state === "LAPSED") return "expired";
  if (held.state !== "SUCCEEDED") return "refused";
  return amount > left.capturable ? "amount_too_high" : undefined;
}

/** What a call is at first, going its way. */
function begun(at: Date, { refused, asksBuyer, afterMs }: Way): Pick<Movement, "state" | "reason" | "dueAt"> {
  if (asksBuyer) return { state: "ACTION_REQUIRED", reason: null, dueAt: later(at, CONFIRM_MS) };
  if (afterMs) return { state: "PENDING", reason: null, dueAt: later(at, afterMs) };
  return refused
    ? { state: "FAILED", reason: refused, dueAt: null }
    : { state: "SUCCEEDED", reason: null, dueAt: null };
}

/** The call as it is by now: what becomes of it by itself does so at its time, whoever looks first. */
export function upToDate({ db, clock }: Books, call: Movement): Promise<Movement> | Movement {
  if (!isDue(call, clock.now())) return call;
  return transact(db, async (tx) => {
    const at = clock.now();
    const intent = await holdIntent(tx, at, call.intent);
    const now = call.kind === "AUTHORIZE" ? intent : await findCall(tx, call.key);
    return now ? comeDue(tx, at, now) : call;
  });
}

/** The buyer's word on an authorisation that waits for him, or the shop's that it does no longer: the first one counts. @returns what it is now */
export const decideWaiting = (
  { db, clock }: Books,
  intent: string,
  state: "SUCCEEDED" | "FAILED",
  reason: FailureReason | null,
): Promise<Movement | null> =>
  transact(db, async (tx) => {
    const at = clock.now();
    const call = await holdIntent(tx, at, intent);
    return call?.state === "ACTION_REQUIRED" ? decide(tx, at, call, state, reason) : call;
  });
