import { COLOURS, line, picture, text } from "./svg";

export type Curve = { label: string; points: { x: number; y: number }[] };
export type CurveChart = {
  title: string;
  /** What is counted along the bottom, e.g. products */
  xLabel: string;
  yLabel: string;
  curves: Curve[];
  /** What was promised, as a line across */
  limit?: { y: number; label: string };
};

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [900, 420, 70, 190, 56, 56];

/** Curves with both scales logarithmic: what stays flat there does not grow. */
export function drawCurves({ title, xLabel, yLabel, curves, limit }: CurveChart): string {
  const points = curves.flatMap((curve) => curve.points);
  const x = scale(
    points.map((point) => point.x),
    LEFT,
    WIDTH - RIGHT,
  );
  const y = scale([...points.map((point) => point.y), ...(limit ? [limit.y] : [])], HEIGHT - BOTTOM, TOP);
  const parts = [text(16, 26, title, { title: true }), text(16, 44, yLabel, { quiet: true })];
  for (const tick of y.ticks)
    parts.push(
      line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), "grid"),
      text(LEFT - 8, y.at(tick) + 4, tick.toLocaleString("en-US"), { quiet: true, anchor: "end" }),
    );
  for (const tick of new Set(points.map((point) => point.x)))
    parts.push(
      text(x.at(tick), HEIGHT - BOTTOM + 20, tick.toLocaleString("en-US"), { quiet: true, anchor: "middle" }),
    );
  parts.push(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, xLabel, { quiet: true, anchor: "middle" }));
  if (limit)
    parts.push(
      line(LEFT, y.at(limit.y), WIDTH - RIGHT, y.at(limit.y), "limit"),
      text(LEFT + 6, y.at(limit.y) - 5, limit.label, { quiet: true }),
    );
  const labels = spread(curves.map((curve) => y.at(curve.points.at(-1)?.y ?? 1)));
  curves.forEach((curve, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const way = curve.points.map((point) => `${x.at(point.x).toFixed(1)},${y.at(point.y).toFixed(1)}`);
    parts.push(`<polyline points="${way.join(" ")}" class="${colour} curve"/>`);
    for (const at of way)
      parts.push(`<circle cx="${at.split(",")[0]}" cy="${at.split(",")[1]}" r="3" class="${colour}"/>`);
    parts.push(
      `<rect x="${WIDTH - RIGHT + 8}" y="${(labels[index] ?? 0) - 5}" width="10" height="10" class="${colour}"/>`,
      text(WIDTH - RIGHT + 24, (labels[index] ?? 0) + 4, curve.label),
    );
  });
  return picture(WIDTH, HEIGHT, parts);
}

/** From whole powers of ten to whole powers of ten; 0 stands at the left of 1. */
function scale(values: number[], from: number, to: number) {
  const logs = values.map((value) => Math.log10(Math.max(value, 0.1)));
  const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  const span = Math.max(1, high - low);
  return {
    at: (value: number) => from + ((Math.log10(Math.max(value, 0.1)) - low) / span) * (to - from),
    ticks: Array.from({ length: span + 1 }, (_, index) => 10 ** (low + index)),
  };
}

const LABEL_HEIGHT = 16;

/** Moves labels apart that would cover each other, keeping their order. */
function spread(wanted: number[]): number[] {
  const placed: number[] = [];
  const order = wanted.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  let last = Number.NEGATIVE_INFINITY;
  for (const { y, index } of order) {
    last = Math.max(y, last + LABEL_HEIGHT);
    placed[index] = last;
  }
  return placed;
}
