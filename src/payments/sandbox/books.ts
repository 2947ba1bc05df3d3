import { Prisma } from "../../generated/prisma/client";
import { DAY, later } from "../../platform/clock";
import type { Sql, Tx } from "../../platform/database";
import type { FailureReason } from "../provider-outcome";
import { cardOf } from "./cards";
import { told } from "./event";
import { COLUMNS, findCall, type Movement, type State } from "./movement";
import { UNFLUSHED } from "./unflushed";

/** What is authorised and not captured ends by itself. */
const AUTHORIZED_MS = 7 * DAY;
const OPEN: State[] = ["PENDING", "ACTION_REQUIRED"];

/** When an authorisation that has just succeeded lapses. */
const lapsesAt = (at: Date, { kind, capture }: Pick<Movement, "kind" | "capture">) =>
  kind === "AUTHORIZE" && !capture ? later(at, AUTHORIZED_MS) : null;

/** A sale's capture, from the rows that the statement changed. */
const taken = Prisma.sql`
  INSERT INTO sandbox.movements (key, kind, asked, reference, intent, amount, currency, state, token, capture, order_number, created_at,
    decided_at)
  SELECT key, 'CAPTURE', false, reference, intent, amount, currency, state, token, false, order_number, decided_at, decided_at
  FROM changed WHERE kind = 'AUTHORIZE' AND capture AND state = 'SUCCEEDED'`;

/**
 * Writes a call once for its key, with what comes of it at once, and gives back the call that the key made first.
 * @throws when that was another one
 */
export async function writeCall(sql: Sql, at: Date, call: Movement): Promise<Movement> {
  const decidedAt = OPEN.includes(call.state) ? null : at;
  const dueAt = call.state === "SUCCEEDED" ? lapsesAt(at, call) : call.dueAt;
  const [made] = await sql.$queryRaw<Movement[]>`
    WITH changed AS (
      INSERT INTO sandbox.movements (key, kind, asked, reference, intent, amount, currency, state, reason, token, capture, order_number,
        return_url, due_at, created_at, decided_at)
      VALUES (${call.key}, ${call.kind}, true, ${call.reference}, ${call.intent}, ${call.amount}::bigint, ${call.currency}, ${call.state},
        ${call.reason}, ${call.token}, ${call.capture}, ${call.orderNumber}, ${call.returnUrl}, ${dueAt}::timestamptz, ${at}::timestamptz,
        ${decidedAt}::timestamptz)
      ON CONFLICT (key) WHERE asked DO NOTHING RETURNING *
    ), taken AS (${taken}), told AS (${told(at, call)})
    SELECT ${COLUMNS} FROM changed WHERE ${UNFLUSHED}`;
  const written = made ?? (await findCall(sql, call.key));
  if (!written || !isSame(written, call))
    throw new Error("The sandbox provider was asked something else with this key before");
  return written;
}

const COMPARED = ["kind", "amount", "currency", "token", "capture", "orderNumber", "returnUrl"] as const;
/** An authorisation's own name is made anew each time it is asked for. */
const isSame = (one: Movement, other: Movement) =>
  COMPARED.every((column) => one[column] === other[column]) &&
  (one.kind === "AUTHORIZE" || one.intent === other.intent);

/** Takes an authorisation in hand until `tx` ends, as it is now; null when there is none with this reference. */
export async function holdIntent(tx: Tx, at: Date, intent: string): Promise<Movement | null> {
  const [held] = await tx.$queryRaw<Movement[]>`
    SELECT ${COLUMNS} FROM sandbox.movements WHERE reference = ${intent} AND kind = 'AUTHORIZE' FOR NO KEY UPDATE`;
  return held ? comeDue(tx, at, held) : null;
}

/** Whether something has become of a call by itself that is not written yet. */
export const isDue = ({ dueAt }: Movement, at: Date) => dueAt !== null && dueAt <= at;

/** What has become of a call by itself by now. The caller holds its intent. */
export async function comeDue(tx: Tx, at: Date, call: Movement): Promise<Movement> {
  if (!isDue(call, at)) return call;
  const refused = call.kind === "AUTHORIZE" ? cardOf(call.token)?.authorize.refused : undefined;
  if (call.state === "ACTION_REQUIRED") return decide(tx, at, call, "FAILED", "expired");
  if (call.state === "PENDING") return decide(tx, at, call, refused ? "FAILED" : "SUCCEEDED", refused);
  const { capturable } = await leftOf(tx, call);
  if (capturable > 0n) return decide(tx, at, call, "LAPSED", undefined, capturable);
  await tx.$executeRaw`UPDATE sandbox.movements SET due_at = NULL WHERE key = ${call.key} AND kind = ${call.kind}`;
  return { ...call, dueAt: null };
}

/** Decides a call that was open, or lets an authorisation lapse, `released` being what is left of it. The caller holds its intent. */
export async function decide(
  tx: Tx,
  at: Date,
  call: Movement,
  state: State,
  reason: FailureReason | null = null,
  released = 0n,
): Promise<Movement> {
  const dueAt = state === "SUCCEEDED" ? lapsesAt(at, call) : null;
  const decided = { ...call, state, reason, dueAt };
  await tx.$executeRaw`
    WITH changed AS (
      UPDATE sandbox.movements SET state = ${state}, reason = ${reason}, due_at = ${dueAt}::timestamptz,
        decided_at = coalesce(decided_at, ${at}::timestamptz)
      WHERE key = ${call.key} AND kind = ${call.kind} AND asked RETURNING *
    ), taken AS (${taken}), released AS (
      INSERT INTO sandbox.movements (key, kind, asked, reference, intent, amount, currency, state, token, capture, order_number,
        created_at, decided_at)
      SELECT key, 'VOID', false, reference, intent, ${released}::bigint, currency, 'SUCCEEDED', token, false, order_number,
        ${at}::timestamptz, ${at}::timestamptz
      FROM changed WHERE state = 'LAPSED'
    )
    ${told(at, decided)}`;
  return decided;
}

/** What can still be captured or voided of an authorisation, and what can be refunded, less what is under way. Minor units. */
export async function leftOf(tx: Tx, { intent, amount }: Movement) {
  const [{ gone, captured, refunded }] = await tx.$queryRaw<
    [{ gone: bigint; captured: bigint; refunded: bigint }]
  >`
    SELECT coalesce(sum(amount) FILTER (WHERE kind IN ('CAPTURE', 'VOID')), 0)::bigint AS "gone",
      coalesce(sum(amount) FILTER (WHERE kind = 'CAPTURE' AND state = 'SUCCEEDED'), 0)::bigint AS "captured",
      coalesce(sum(amount) FILTER (WHERE kind = 'REFUND'), 0)::bigint AS "refunded"
    FROM sandbox.movements WHERE intent = ${intent} AND state IN ('SUCCEEDED', 'PENDING')`;
  return { capturable: amount - gone, refundable: captured - refunded };
}
