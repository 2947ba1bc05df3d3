import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Options } from "../options";
import { scenarios } from "../scenarios";
import { drawBars } from "./bars";
import { writeBetweenMarkers } from "./readme";
import type { Results, Row } from "./results";
import { round, toSummary, toTable } from "./table";

/** One measurement, as it is told while the run goes on. */
export const toLine = ({ scenario, target, connections, perSecond, p50, p99, errors, firstError }: Row) =>
  `${scenario.padEnd(10)} ${target.padEnd(7)} ${String(connections).padStart(3)} connections ${round(perSecond).padStart(8)}/s  p50 ${round(p50)} ms  p99 ${round(p99)} ms${
    errors > 0 ? `  ${errors} ERRORS: ${firstError}` : ""
  }`;

/** Where most of a machine is at work: neither one caller alone nor a crowd. */
const CHART_CONNECTIONS = 16;

/**
 * Writes JSON, table and chart into `out`, with `readme` the table into README.md, and says what was found.
 * @returns the process' exit code: 1 when there were errors
 */
export function report(found: Results, { out, readme }: Options, say: (line: string) => void): number {
  mkdirSync(out, { recursive: true });
  const chart = scenarios.flatMap(({ name, title, unit }) => {
    const rows = found.rows.filter((row) => row.scenario === name && row.connections === CHART_CONNECTIONS);
    const of = Object.fromEntries(rows.map(({ target, perSecond }) => [target, perSecond]));
    return rows.length > 0 ? [{ label: `${title.replaceAll("`", "")} (${unit})`, of }] : [];
  });
  const table = toTable(found);
  writeFileSync(join(out, "bench.json"), `${JSON.stringify(found, null, 2)}\n`);
  writeFileSync(join(out, "bench.md"), `${toSummary(found)}\n\n${table}\n`);
  writeFileSync(
    join(out, "bench.svg"),
    drawBars(`A second, at ${CHART_CONNECTIONS} connections (${found.date})`, chart),
  );
  if (readme) writeBetweenMarkers("README.md", "bench", `${toSummary(found)}\n\n${table}`);
  say(`\n${toSummary(found)}\n\n${table}\n\nJSON, table and chart are in ${out}.`);
  const failed = found.rows.filter(({ errors }) => errors > 0);
  for (const row of failed) say(toLine(row));
  return failed.length > 0 ? 1 : 0;
}
