import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WARM_CONNECTIONS } from "./driver/measure";
import { TURNS } from "./driver/turns";
import { drawGrowth, FLAT, pointsOf, SEARCH_LIMIT_MS } from "./grow-charts";
import type { Growth, Point } from "./growth";
import { round } from "./report/table";

const TITLES: Record<string, string> = {
  list: "product list",
  detail: "product detail",
  addToCart: "add to cart",
  search: "search, one word",
  "search.phrase": "search, two words",
  checkout: "whole guest checkout",
  orders: "own orders",
};

/** Writes points, tables and charts into `folder`: after each operation, so that a run that is cut short leaves what it found. */
export function writeGrowth(growth: Growth, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "grow.json"), `${JSON.stringify(growth, null, 2)}\n`);
  writeFileSync(join(folder, "grow.md"), `${toGrowthTables(growth)}\n`);
  drawGrowth(growth, folder);
}

/** What was found, beside what is promised, as tables in Markdown under a text that says how it came about. */
export function toGrowthTables(growth: Growth): string {
  const { imports } = growth;
  const perSecond = imports.map(({ size, perSecond }) => ({ x: size, y: perSecond }));
  const imported = perSecond.length > 0 ? [toLine("import, new products a second", perSecond, "")] : [];
  return [toText(growth), ...toTable(growth, "products", imported), ...toTable(growth, "orders", [])].join(
    "\n",
  );
}

const toText = ({ date, machine, sharedBuffers, warmupSeconds, settleSeconds, seconds }: Growth) =>
  [
    `Measured on ${date}: ${machine.cores} cores (${machine.cpu}) shared by all; Node ${machine.node}, PostgreSQL ${machine.postgres} with ${sharedBuffers} of shared_buffers; one connection, p50 in ms,`,
    `response cache off. Each size is a copy of a filled shop with a server of its own; every table and index was read once before. Each operation is asked for at ${WARM_CONNECTIONS} connections for ${warmupSeconds} s`,
    `first, that code and caches be warm, then at one for ${settleSeconds} s, and ${seconds} s are measured: of each operation all sizes one after the other, ${TURNS} times, of which the one in the middle counts.`,
  ].join("\n");

function toTable({ points }: Growth, of: Point["of"], more: string[]): string[] {
  const own = points.filter((point) => point.of === of);
  const sizes = [...new Set(own.map(({ size }) => size))].sort((a, b) => a - b);
  const flows = [...new Set(own.map(({ flow }) => flow))];
  if (sizes.length === 0) return [];
  const heads = sizes.map((size) => size.toLocaleString("en-US"));
  return [
    "",
    `| beside | ${heads.join(" | ")} ${of} | most / fewest | promised |`,
    `|---|${"--:|".repeat(sizes.length + 2)}`,
    ...flows.map((flow) =>
      toLine(
        TITLES[flow] ?? flow.replace("search.", "search by "),
        pointsOf(points, of, flow),
        promiseOf(flow),
      ),
    ),
    ...more,
  ];
}

function promiseOf(flow: string): string {
  if (flow.startsWith("search")) return `≤ ${SEARCH_LIMIT_MS} ms`;
  return flow === "orders" ? "" : `≤ ${FLAT}×`;
}

function toLine(title: string, points: { x: number; y: number }[], promise: string): string {
  const [fewest, most] = [points[0]?.y ?? 0, points.at(-1)?.y ?? 0];
  const times = fewest > 0 ? `${(most / fewest).toFixed(2)}×` : "";
  return `| ${[title, ...points.map(({ y }) => round(y)), times, promise].join(" | ")} |`;
}
