import { Prisma } from "../../generated/prisma/client";
import type { PaymentOperationKind } from "../../generated/prisma/enums";
import type { Sql } from "../../platform/database";
import { newSecretId } from "../../platform/ids";
import { type BuyerAction, type FailureReason, outcomeOf, type ProviderOutcome } from "../provider-outcome";
import { cardOf } from "./cards";

/** LAPSED: an authorisation that was not captured in time; what was left of it is released. */
export type State = "PENDING" | "ACTION_REQUIRED" | "SUCCEEDED" | "FAILED" | "LAPSED";

/** A line in the sandbox provider's books: a call, or what came with one. Minor units. */
export type Movement = {
  key: string;
  kind: PaymentOperationKind;
  reference: string;
  /** The reference of the authorisation that it belongs to; its own for one */
  intent: string;
  amount: bigint;
  currency: string;
  state: State;
  reason: FailureReason | null;
  token: string | null;
  /** Of an authorisation: the money is taken with it */
  capture: boolean;
  orderNumber: string | null;
  returnUrl: string | null;
  /** When something becomes of it by itself */
  dueAt: Date | null;
};

export const COLUMNS = Prisma.sql`key, kind, reference, intent, amount, currency::text, state, reason, token, capture,
  order_number AS "orderNumber", return_url AS "returnUrl", due_at AS "dueAt"`;

export const newReference = () => `sandbox_${newSecretId()}`;

/** The call that was made with a key, or null. */
export async function findCall(sql: Sql, key: string): Promise<Movement | null> {
  const [found] = await sql.$queryRaw<Movement[]>`
    SELECT ${COLUMNS} FROM sandbox.movements WHERE key = ${key} AND asked`;
  return found ?? null;
}

/** The authorisation with a reference, or null. */
export async function findIntent(sql: Sql, reference: string): Promise<Movement | null> {
  const [found] = await sql.$queryRaw<Movement[]>`
    SELECT ${COLUMNS} FROM sandbox.movements WHERE reference = ${reference} AND kind = 'AUTHORIZE'`;
  return found ?? null;
}

const VISA = { brand: "visa", last4: "4242", expiryMonth: 12, expiryYear: 2034 };

/** What a call has come to, as its caller is told. `buyerPage` says where the buyer confirms it. */
export function toOutcome(call: Movement, buyerPage: () => string | null = () => null): ProviderOutcome {
  const { kind, state, reference, reason, token, amount, currency, capture } = call;
  const lapsed = state === "LAPSED";
  return outcomeOf(lapsed ? "FAILED" : state, {
    ...{ reference, reason: lapsed ? "expired" : reason, amount, currency },
    captured: kind === "AUTHORIZE" && state === "SUCCEEDED" && capture,
    method: kind === "AUTHORIZE" && cardOf(token) ? VISA : null,
    nextAction: kind === "AUTHORIZE" ? nextActionOf(state, buyerPage) : null,
  });
}

function nextActionOf(state: State, buyerPage: () => string | null): BuyerAction | null {
  if (state === "ACTION_REQUIRED") return { type: "REDIRECT", url: buyerPage(), clientSecret: null };
  return state === "PENDING" ? { type: "WAIT", url: null, clientSecret: null } : null;
}
