import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../report/results";
import { round } from "../report/table";
import { CHECKOUT_LIMIT_MS } from "./knee";
import type { Look } from "./load";
import type { Found } from "./phases";
import { REFUSAL_LIMIT_MS, SEARCH_LIMIT_MS, type Seen } from "./tally";

export type MixedResults = Found & {
  date: string;
  machine: Machine;
  addresses: number;
  /** Invariants that did not hold in the end */
  broken: number;
};

/** Hours from which on a slope of the heap is more than noise. */
const SOAK_HOURS = 0.4;

/** What was found, phase by phase, and beside what is promised, as tables in Markdown. */
function toTables(results: MixedResults): string {
  const { everyday, overload, calm, quiet, flood } = results;
  const loads = [everyday, overload, calm, quiet, flood];
  const failures = loads.filter(({ firstFailure }) => firstFailure !== null);
  return [
    "| load | asked for/s | done/s | refused | failed | search p50 / p99 ms | read p99 | cart p99 | checkout p50 / p99 ms | checkouts done | begun late, p99 ms |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ...loads.map(toLine),
    "",
    ...failures.map(({ name, firstFailure }) => `First failure of "${name}": \`${firstFailure}\`\n`),
    "| promise | at most | seen |",
    "|---|--:|--:|",
    ...promises(results).map((cells) => `| ${cells.join(" | ")} |`),
  ].join("\n");
}

function toLine({ name, rates, donePerSecond, kinds, unsent, begunLate }: Seen): string {
  const { search, read, cart, checkout } = kinds;
  const all = Object.values(kinds);
  const sum = (of: "refused" | "failed") => all.reduce((count, kind) => count + kind[of], 0);
  const both = (kind: typeof search) => (kind ? `${round(kind.p50)} / ${round(kind.p99)}` : "");
  const one = (kind: typeof search) => (kind ? round(kind.p99) : "");
  const asked = Object.values(rates).reduce((rate, more) => rate + more, 0);
  const part = checkout ? `${Math.round((100 * checkout.done) / Math.max(1, checkout.sent))} %` : "";
  const failed = sum("failed") + unsent;
  return `| ${[name, round(asked), round(donePerSecond), sum("refused"), failed, both(search), one(read), one(cart), both(checkout), part, round(begunLate)].join(" | ")} |`;
}

/** What, its limit, what was seen. */
function promises({ knee, everyday, looks, overload, calm, quiet, flood, broken }: MixedResults): string[][] {
  const lost = Object.values(everyday.kinds).reduce((sum, { refused, failed }) => sum + refused + failed, 0);
  const { refusals } = overload;
  const buying = overload.kinds.checkout;
  const [first, last] = [looks[0], looks.at(-1)] as [Look, Look];
  const hours = last.hours - first.hours;
  const slope =
    hours < SOAK_HOURS ? "too short to tell" : `${round(Math.max(0, last.heapMb - first.heapMb) / hours)}`;
  const [alone, beside] = [quiet.kinds.search?.p99 ?? 0, flood.kinds.search?.p99 ?? 0];
  const logins = flood.kinds.login;
  const ms = (value: number) => `${round(value)} ms`;
  return [
    ["at 0.7 × the knee: flows refused or failed", "0", String(lost)],
    ["… search, p99", `${SEARCH_LIMIT_MS} ms`, ms(everyday.kinds.search?.p99 ?? 0)],
    ["… checkout, p99", `${CHECKOUT_LIMIT_MS} ms`, ms(everyday.kinds.checkout?.p99 ?? 0)],
    ["… heap, MB an hour", "1", `${slope} (${round(first.heapMb)} → ${round(last.heapMb)} MB)`],
    ["… handles", "flat", `${first.handles} → ${last.handles}`],
    ["… connections to the database", "flat", `${first.databaseConnections} → ${last.databaseConnections}`],
    [
      "at 3 × the knee: goodput, at least",
      "80 %",
      `${Math.round((100 * overload.donePerSecond) / knee)} % of ${round(knee)} flows/s`,
    ],
    [
      "… refusals, p50 / p90 / p99",
      `${REFUSAL_LIMIT_MS} ms`,
      `${round(refusals.p50)} / ${round(refusals.p90)} / ${round(refusals.p99)} ms of ${refusals.count}`,
    ],
    [
      `… refusals heard after ${REFUSAL_LIMIT_MS} ms or more`,
      "0",
      `${refusals.late} (${((100 * refusals.late) / Math.max(1, refusals.count)).toFixed(1)} %)`,
    ],
    ["… refusals without Retry-After", "0", String(refusals.untold)],
    [
      "… checkouts refused after they had a cart",
      "0",
      `${buying?.refusedMidway ?? 0} of ${buying?.sent ?? 0} (${buying?.done ?? 0} done)`,
    ],
    ["… as usual again", "10 s", calm.usualAfter === null ? "not seen" : `${calm.usualAfter} s`],
    [
      "200 logins a second: search p99, times that without",
      "2",
      `${(beside / Math.max(alone, 0.001)).toFixed(1)} (${ms(alone)} → ${ms(beside)})`,
    ],
    ["… logins done, refused, failed", "", `${logins?.done}, ${logins?.refused}, ${logins?.failed}`],
    ["invariants broken in the end", "0", String(broken)],
  ];
}

/** Writes mixed.json and mixed.md into `folder`. */
export function writeMixed(results: MixedResults, folder: string): string {
  const { date, machine, addresses, knee } = results;
  const about = `Measured on ${date}: ${machine.cores} cores (${machine.cpu}) shared by server, PostgreSQL ${machine.postgres} and load driver; Node ${machine.node}, one process, no response
cache, no throttling; buyers from ${addresses} ${addresses === 1 ? "address" : "addresses"}. Open loop of 60 % search, 25 % lists and details, 10 % add to cart, 5 % whole checkouts of six requests; the knee, the highest rate
at which everybody is served within the limits below, is ${round(knee)} flows a second. How long a flow takes counts from when it was due; when the driver itself began it late, by the last column, the figures are of the driver, too.`;
  const text = `${about}\n\n${toTables(results)}\n`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "mixed.json"), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(folder, "mixed.md"), text);
  return text;
}
