import { HOUR } from "../platform/clock";
import type { Platform } from "../platform/context";
import { type Db, openDatabase, type Sql, transact } from "../platform/database";
import { catalogInvariants } from "./catalog";
import { inboxInvariants } from "./inbox";
import type { Invariant } from "./invariant";
import { ledgerInvariants } from "./ledger";
import { orderInvariants } from "./orders";
import { paymentInvariants } from "./payments";
import { searchInvariants } from "./search";
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
  ...searchInvariants,
];

/** A counter-example: whose (an id as stored), and what is wrong with it. */
export type Violation = { invariant: string; subject: string; detail: string };

/** Enough to see what is wrong; there may be more. */
const MOST_PER_INVARIANT = 20;
/** Whole tables are compared with each other: in memory, that takes half as long as on disk. */
const WORK_MEM = "64MB";

/** Nobody waits for these statements, and in a shop of a million products one takes minutes. */
const LOOK_LIMIT_MS = HOUR;

/** The database as whoever looks through all of it needs it: a request's time limits would cut him short. */
export const openForLooking = (url: string): Db => openDatabase(url, 1, () => undefined, LOOK_LIMIT_MS);

/** Counter-examples to one invariant, at most twenty; each look is one statement, so a shop that is selling meanwhile is seen whole. */
export const findViolations = (sql: Sql, at: Date, { name, find }: Invariant): Promise<Violation[]> =>
  transact(sql, async (tx) => {
    await tx.$queryRaw`SELECT set_config('work_mem', ${WORK_MEM}, true)`;
    // Materialized, or the limit would have it planned as if the first counter-examples were near.
    const found = await tx.$queryRaw<Omit<Violation, "invariant">[]>`
      WITH counter_example AS MATERIALIZED (${find(at)})
      SELECT subject, detail FROM counter_example LIMIT ${MOST_PER_INVARIANT}::int`;
    return found.map((one) => ({ invariant: name, ...one }));
  });

/** Counter-examples to every invariant; none when the data is in order. Times are judged by the platform's clock. */
export async function verify({ db, clock }: Pick<Platform, "db" | "clock">): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const invariant of invariants) found.push(...(await findViolations(db, clock.now(), invariant)));
  return found;
}
