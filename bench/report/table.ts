import { scenarios } from "../scenarios";
import { statementCounts } from "../statement-counts";
import { findRow, type Results, type Row } from "./results";

/** Whole numbers from 100 on, below them two digits: more would be noise. */
export function round(value: number): string {
  if (value >= 99.5) return Math.round(value).toLocaleString("en-US");
  return value.toPrecision(value >= 0.1 ? 2 : 1);
}

const ratio = (ours: Row, other: Row | undefined, digits = 0) =>
  other && other.perSecond > 0 ? `${(ours.perSecond / other.perSecond).toFixed(digits)}×` : "";

/** The results as a table in Markdown: a line for each operation and number of connections. */
export function toTable({ rows }: Results): string {
  const lines = [
    "| operation | connections | per second | p50 ms | p99 ms | statements | raw limit | part of it | peer | times the peer |",
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
  ];
  for (const { name, title, unit } of scenarios)
    for (const ours of rows.filter(({ scenario, target }) => scenario === name && target === "ours")) {
      const raw = findRow(rows, name, "raw", ours.connections);
      const peer = findRow(rows, name, "peer", ours.connections);
      const told = unit === "flows/s" ? `${title} (flows)` : title;
      const counts = statementCounts[name];
      lines.push(
        `| ${[
          told,
          ours.connections,
          round(ours.perSecond),
          round(ours.p50),
          round(ours.p99),
          peer && counts ? `${counts.ours} (peer ${counts.peer})` : counts?.ours,
          raw ? round(raw.perSecond) : "",
          ratio(ours, raw, 2).replace("×", ""),
          peer ? round(peer.perSecond) : "",
          ratio(ours, peer, (peer?.perSecond ?? 0) * 10 > ours.perSecond ? 1 : 0),
        ].join(" | ")} |`,
      );
    }
  return lines.join("\n");
}

/** What README says beside the table: when, where and how it came about. */
export function toSummary(results: Results): string {
  const { machine, start, products, variants, date, warmupSeconds, seconds } = results;
  const peer = results.rows.some(({ target }) => target === "peer");
  return [
    `Measured on ${date}: ${machine.cores} cores (${machine.cpu}) shared by server, PostgreSQL ${machine.postgres} and load driver; Node ${machine.node}, one process,`,
    `production settings without throttling. ${products.toLocaleString("en-US")} products with ${variants.toLocaleString("en-US")} variants; closed loop, ${warmupSeconds} s warm-up, ${seconds} s measured, all servers`,
    `in one run, alternating. The response cache is off except where a row says so. "Raw limit": a bare node:http server that sends the same JSON, assembled by one prepared`,
    `statement.${peer ? ' "Peer": Vendure 3.7.3 on the same PostgreSQL with equal work.' : ""} From start to first answer, embedded database and all: ${(start.startToFirstAnswerMs / 1_000).toFixed(1)} s; idle memory ${start.idleMemoryMb} MB.`,
  ].join("\n");
}
