import { Prisma } from "../generated/prisma/client";
import { type Db, type Sql, transact } from "../platform/database";
import { newSecretId } from "../platform/ids";
import type { FailureReason, FollowUpAsk } from "./provider";

/** SALE is an authorisation and its capture in one. */
type ChargeKind = "AUTHORIZE" | "SALE" | "CAPTURE" | "VOID" | "REFUND";
/** A line in the sandbox provider's own books. Minor units. */
export type Charge = {
  key: string;
  kind: ChargeKind;
  token: string | null;
  amount: bigint;
  currency: string;
  outcome: "SUCCEEDED" | "FAILED";
  reference: string | null;
  parentReference: string | null;
  reason: FailureReason | null;
};
type NewCharge = Omit<Charge, "outcome" | "reference" | "parentReference">;

const COLUMNS = Prisma.sql`key, kind, token, amount, currency::text, outcome, reference, parent_reference AS "parentReference", reason`;

/** The line a key made, or null. */
export async function findCharge(sql: Sql, key: string): Promise<Charge | null> {
  const [found] = await sql.$queryRaw<Charge[]>`SELECT ${COLUMNS} FROM sandbox.charges WHERE key = ${key}`;
  return found ?? null;
}

/** Writes a line once for its key, refused when it has a reason, and gives back the line that the key made first. */
export async function writeCharge(
  sql: Sql,
  at: Date,
  charge: NewCharge,
  parent: string | null = null,
): Promise<Charge> {
  const { key, kind, token, amount, currency, reason } = charge;
  const [outcome, reference] = reason === null ? ["SUCCEEDED", `sandbox_${newSecretId()}`] : ["FAILED", null];
  const [made] = await sql.$queryRaw<Charge[]>`
    INSERT INTO sandbox.charges (key, kind, token, amount, currency, outcome, reference, parent_reference, reason, created_at)
    VALUES (${key}, ${kind}, ${token}, ${amount}::bigint, ${currency}, ${outcome}, ${reference}, ${parent}, ${reason}, ${at}::timestamptz)
    ON CONFLICT (key) DO NOTHING RETURNING ${COLUMNS}`;
  const written = made ?? (await findCharge(sql, key));
  if (!written || written.amount !== amount || written.currency !== currency || written.kind !== kind)
    throw new Error("The sandbox provider was asked something else with this key before");
  return written;
}

type FollowUp = FollowUpAsk & { kind: "CAPTURE" | "VOID" | "REFUND" };

/** Captures, voids or refunds (part of) a charge, no more than is left of it; its line is locked, so that two at once don't share the rest. */
export const writeFollowUp = (
  db: Db,
  at: Date,
  { key, kind, reference, amount, currency }: FollowUp,
): Promise<Charge> =>
  transact(db, async (tx) => {
    const line = { key, kind, token: null, amount, currency };
    const done = await findCharge(tx, key);
    if (done) return writeCharge(tx, at, { ...line, reason: done.reason }, reference);
    const left = await leftOf(tx, reference, kind, currency);
    const reason = left === null ? "not_found" : amount > left ? "amount_too_high" : null;
    return writeCharge(tx, at, { ...line, reason }, reference);
  });

/** What can still be captured, voided or refunded of a charge; null when there is no such charge in that currency. */
async function leftOf(
  sql: Sql,
  reference: string,
  kind: FollowUp["kind"],
  currency: string,
): Promise<bigint | null> {
  const [charge] = await sql.$queryRaw<{ kind: ChargeKind; amount: bigint }[]>`
    SELECT kind, amount FROM sandbox.charges WHERE reference = ${reference} AND currency = ${currency} FOR UPDATE`;
  if (!charge) return null;
  const [{ taken, given, captured }] = await sql.$queryRaw<
    [{ taken: bigint; given: bigint; captured: bigint }]
  >`
    SELECT coalesce(sum(amount) FILTER (WHERE kind IN ('CAPTURE', 'VOID')), 0)::bigint AS "taken",
      coalesce(sum(amount) FILTER (WHERE kind = 'REFUND'), 0)::bigint AS "given",
      coalesce(sum(amount) FILTER (WHERE kind = 'CAPTURE'), 0)::bigint AS "captured"
    FROM sandbox.charges WHERE parent_reference = ${reference} AND outcome = 'SUCCEEDED'`;
  const sale = charge.kind === "SALE";
  if (kind === "REFUND") return (sale ? charge.amount : captured) - given;
  return sale ? 0n : charge.amount - taken;
}
