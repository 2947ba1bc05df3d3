import { TARGETS, type Target } from "../scenarios";
import { COLOURS, line, picture, text } from "./svg";

export type Bar = { label: string; of: Partial<Record<Target, number>> };

const [LEFT, RIGHT, TOP, HEIGHT, GAP] = [250, 90, 64, 14, 14];
const WIDTH = 900;
const NAMES: Record<Target, string> = {
  ours: "Tillgraph, cache off",
  shipped: "as shipped, cache on",
  workers: "two processes, cache off",
  raw: "raw limit",
  peer: "Vendure 3.7.3",
};
const LEGEND = 170;

/** Bars side by side on a logarithmic scale, a group for each label, in the order given; from 1 to the next power of ten. */
export function drawBars(title: string, bars: Bar[]): string {
  const most = Math.max(10, ...bars.flatMap(({ of }) => Object.values(of)));
  const decades = Math.ceil(Math.log10(most));
  const width = WIDTH - LEFT - RIGHT;
  const reach = (value: number) => (Math.max(0, Math.log10(value)) / decades) * width;
  const parts = [text(16, 26, title, { title: true })];
  TARGETS.forEach((target, index) => {
    parts.push(`<rect x="${16 + index * LEGEND}" y="38" width="10" height="10" class="${COLOURS[index]}"/>`);
    parts.push(text(32 + index * LEGEND, 47, NAMES[target], { quiet: true }));
  });
  let y = TOP;
  const rows: string[] = [];
  for (const { label, of } of bars) {
    const shown = TARGETS.filter((target) => of[target] !== undefined);
    rows.push(text(LEFT - 10, y + (shown.length * HEIGHT) / 2 + 4, label, { anchor: "end" }));
    for (const target of shown) {
      const value = of[target] ?? 0;
      rows.push(
        `<rect x="${LEFT}" y="${y}" width="${Math.max(1, reach(value)).toFixed(1)}" height="${HEIGHT - 2}" class="${COLOURS[TARGETS.indexOf(target)]}"/>`,
        text(
          LEFT + reach(value) + 6,
          y + HEIGHT - 4,
          value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(2),
        ),
      );
      y += HEIGHT;
    }
    y += GAP;
  }
  for (let decade = 0; decade <= decades; decade++) {
    const x = LEFT + reach(10 ** decade);
    parts.push(
      line(x, TOP - 8, x, y, "grid"),
      text(x, y + 14, (10 ** decade).toLocaleString("en-US"), { quiet: true, anchor: "middle" }),
    );
  }
  return picture(WIDTH, y + 28, [...parts, ...rows]);
}
