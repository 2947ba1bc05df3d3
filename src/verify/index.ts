import type { Platform } from "../platform/context";
import type { Sql } from "../platform/database";
import { catalogInvariants } from "./catalog";
import { inboxInvariants } from "./inbox";
import type { Invariant } from "./invariant";
import { ledgerInvariants } from "./ledger";
import { orderInvariants } from "./orders";
import { paymentInvariants } from "./payments";
import { stockInvariants } from "./stock";
import { waitingInvariants } from "./waiting";

/** Everything that must hold in the data, whatever happened to it. */
export const invariants: Invariant[] = [
  ...stockInvariants,
  ...orderInvariants,
  ...paymentInvariants,
  ...waitingInvariants,
  ...inboxInvariants,
  ...ledgerInvariants,
  ...catalogInvariants,
];

/** A counter-example: whose (an id as stored), and what is wrong with it. */
export type Violation = { invariant: string; subject: string; detail: string };

/** Enough to see what is wrong; there may be more. */
const MOST_PER_INVARIANT = 20;

/** Counter-examples to one invariant, at most twenty; each look is one statement, so a shop that is selling meanwhile is seen whole. */
export async function findViolations(sql: Sql, at: Date, { name, find }: Invariant): Promise<Violation[]> {
  const found = await sql.$queryRaw<Omit<Violation, "invariant">[]>`
    SELECT subject, detail FROM (${find(at)}) counter_example LIMIT ${MOST_PER_INVARIANT}::int`;
  return found.map((one) => ({ invariant: name, ...one }));
}

/** Counter-examples to every invariant; none when the data is in order. Times are judged by the platform's clock. */
export async function verify({ db, clock }: Pick<Platform, "db" | "clock">): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const invariant of invariants) found.push(...(await findViolations(db, clock.now(), invariant)));
  return found;
}
