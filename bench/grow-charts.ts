import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Growth, Point } from "./growth";
import { type CurveChart, drawCurves } from "./report/curves";

/** What was promised of search beside a million products, in milliseconds. */
export const SEARCH_LIMIT_MS = 50;
/** What was promised of everything else: at most so many times what it takes in the smallest shop. */
export const FLAT = 1.5;

/** Draws the points found so far into `folder`, a chart for each promise. */
export function drawGrowth({ points, imports, date }: Growth, folder: string): void {
  const charts: Record<string, CurveChart> = {
    "grow-catalog": {
      title: `List, detail and cart beside more products (${date})`,
      xLabel: "products",
      yLabel: "times what it takes at 1,000 products (p50, one caller)",
      curves: ["list", "detail", "addToCart"].map((flow) => relative(points, "products", flow)),
      limit: { y: FLAT, label: `at most ${FLAT}×` },
    },
    "grow-search": {
      title: `Search with facets beside more products (${date})`,
      xLabel: "products",
      yLabel: "p50 in milliseconds, one caller",
      curves: names(points, "search").map((flow) => ({
        label: flow,
        points: pointsOf(points, "products", flow),
      })),
      limit: { y: SEARCH_LIMIT_MS, label: `at most ${SEARCH_LIMIT_MS} ms` },
    },
    "grow-orders": {
      title: `Checkout and own orders beside more orders (${date})`,
      xLabel: "orders",
      yLabel: "times what it takes in a shop without orders (p50, one caller)",
      curves: ["checkout", "orders"].map((flow) => relative(points, "orders", flow)),
      limit: { y: FLAT, label: `at most ${FLAT}×` },
    },
    "grow-import": {
      title: `Import beside more products (${date})`,
      xLabel: "products",
      yLabel: "new products a second",
      curves: [
        { label: "import", points: imports.map(({ size, perSecond }) => ({ x: size, y: perSecond })) },
      ],
    },
  };
  for (const [name, chart] of Object.entries(charts)) {
    const drawn = { ...chart, curves: chart.curves.filter((curve) => curve.points.length > 0) };
    if (drawn.curves.length > 0) writeFileSync(join(folder, `${name}.svg`), drawCurves(drawn));
  }
}

const names = (points: Point[], kind: string) => [
  ...new Set(points.map(({ flow }) => flow).filter((flow) => flow.startsWith(kind))),
];

/** Of one operation, how long it took (p50, in milliseconds) beside so many products or orders, the fewest first. */
export const pointsOf = (points: Point[], of: Point["of"], flow: string) =>
  points
    .filter((point) => point.of === of && point.flow === flow)
    .map(({ size, p50 }) => ({ x: size, y: p50 }))
    .sort((a, b) => a.x - b.x);

function relative(points: Point[], of: Point["of"], flow: string) {
  const all = pointsOf(points, of, flow);
  const first = all[0]?.y || 1;
  return { label: flow, points: all.map(({ x, y }) => ({ x, y: y / first })) };
}
