import { WARM_CONNECTIONS } from "../driver/measure";
import { scenarios, type Target } from "../scenarios";
import { statementCounts } from "../statement-counts";
import { findRow, type Results, type Row } from "./results";

/** Whole numbers from 100 on, below them two digits: more would be noise. */
export function round(value: number): string {
  if (value >= 99.5) return Math.round(value).toLocaleString("en-US");
  return value.toPrecision(value >= 0.1 ? 2 : 1);
}

const ratio = (ours: Row, other: Row | undefined, digits = 0) =>
  other && other.perSecond > 0 ? `${(ours.perSecond / other.perSecond).toFixed(digits)}×` : "";

/** How a line of ours is called, so that nobody takes one for the other. */
const SUFFIXES: Partial<Record<Target, string>> = {
  ours: "",
  shipped: ", **as shipped: response cache on**",
  workers: ", two processes",
};
const isOurs = (target: Target) => SUFFIXES[target] !== undefined;

/** Whoever finds a kept answer asks for none. */
function statementsOf({ scenario, target }: Row, peer: Row | undefined) {
  const counts = statementCounts[scenario];
  if (!counts) return "";
  const ours = target === "shipped" && counts.ours > 0 ? `0–${counts.ours}` : counts.ours;
  return peer ? `${ours} (peer ${counts.peer})` : ours;
}

/** The results as a table in Markdown: a line for each operation and number of connections. */
export function toTable({ rows }: Results): string {
  const lines = [
    "| operation | connections | per second | p50 ms | p99 ms | statements | raw limit | part of it | peer | times the peer |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
  ];
  for (const { name, title, unit } of scenarios)
    for (const row of rows.filter(({ scenario, target }) => scenario === name && isOurs(target))) {
      const raw = row.target === "shipped" ? undefined : findRow(rows, name, "raw", row.connections); // which keeps no answers either
      const peer = findRow(rows, name, "peer", row.connections);
      const told = `${title}${unit === "flows/s" ? " (flows)" : ""}${SUFFIXES[row.target]}`;
      lines.push(
        `| ${[
          told,
          row.connections,
          round(row.perSecond),
          round(row.p50),
          round(row.p99),
          statementsOf(row, peer),
          raw ? round(raw.perSecond) : "",
          ratio(row, raw, 2).replace("×", ""),
          peer ? round(peer.perSecond) : "",
          ratio(row, peer, (peer?.perSecond ?? 0) * 10 > row.perSecond ? 1 : 0),
        ].join(" | ")} |`,
      );
    }
  return lines.join("\n");
}

/** What README says beside the table: when, where and how it came about. */
export function toSummary(results: Results): string {
  const { machine, start, products, variants, date, warmupSeconds, settleSeconds, seconds, turns, peerNode } =
    results;
  const peer = results.rows.some(({ target }) => target === "peer");
  const longer = scenarios.find(({ name }) => name === "checkout")?.warmups;
  return [
    `Measured on ${date}: ${machine.cores} cores (${machine.cpu}) shared by server, PostgreSQL ${machine.postgres} and load driver; Node ${machine.node}, one process where`,
    `no row says two, production settings without throttling. ${products.toLocaleString("en-US")} products with ${variants.toLocaleString("en-US")} variants; closed loop, all servers in one run. Each is asked`,
    `for each operation at ${WARM_CONNECTIONS} connections for ${warmupSeconds} s first (whole checkouts: ${longer} times that), that its code be warm; then, at each number of connections, all are measured in turns, ${turns} each,`,
    `of ${settleSeconds} s to settle and ${round(seconds / turns)} s that count, longer where flows are. The response cache is`,
    `off except where a row says "as shipped": there random products are asked for, as everywhere. "Raw limit": a bare node:http server that sends the same JSON, assembled by one prepared`,
    `statement.${peer ? ` "Peer": Vendure 3.7.3 on the same PostgreSQL with equal work${peerNode ? `, on Node ${peerNode}` : ""}.` : ""} From start to first answer, embedded database and all: ${(start.startToFirstAnswerMs / 1_000).toFixed(1)} s; idle memory ${start.idleMemoryMb} MB.`,
  ].join("\n");
}
