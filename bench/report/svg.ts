/** Parts of charts, readable on light and dark pages alike. */
const STYLE = `<style>
  text { font: 12px system-ui, sans-serif; fill: #24292f } .quiet { fill: #57606a } .title { font-size: 15px; font-weight: 600 }
  .grid { stroke: #d0d7de; stroke-width: 1 } .limit { stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 5 4 }
  .a { fill: #0969da; stroke: #0969da } .b { fill: #8c959f; stroke: #8c959f } .c { fill: #bf8700; stroke: #bf8700 }
  .d { fill: #1a7f37; stroke: #1a7f37 } .e { fill: #8250df; stroke: #8250df } .f { fill: #bc4c00; stroke: #bc4c00 }
  .g { fill: #bf3989; stroke: #bf3989 } .h { fill: #1b7c83; stroke: #1b7c83 } .i { fill: #57606a; stroke: #57606a }
  .curve { fill: none; stroke-width: 2 } rect { stroke: none }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .quiet { fill: #9198a1 } .grid { stroke: #3d444d } .limit { stroke: #f85149 }
    .a { fill: #58a6ff; stroke: #58a6ff } .b { fill: #6e7681; stroke: #6e7681 } .c { fill: #d29922; stroke: #d29922 }
    .d { fill: #3fb950; stroke: #3fb950 } .e { fill: #a371f7; stroke: #a371f7 } .f { fill: #f0883e; stroke: #f0883e }
    .g { fill: #f778ba; stroke: #f778ba } .h { fill: #39c5cf; stroke: #39c5cf } .i { fill: #9198a1; stroke: #9198a1 } .curve { fill: none } }
</style>`;

const escapeXml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

type TextStyle = { quiet?: boolean; title?: boolean; anchor?: "start" | "middle" | "end" };

export function text(x: number, y: number, content: string | number, style: TextStyle = {}): string {
  const kind = style.title ? "title" : style.quiet ? "quiet" : "";
  return `<text x="${x}" y="${y}" class="${kind}" text-anchor="${style.anchor ?? "start"}">${escapeXml(String(content))}</text>`;
}

export const line = (x1: number, y1: number, x2: number, y2: number, kind: "grid" | "limit") =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" class="${kind}"/>`;

/** Colours of what is compared, in this order. */
export const COLOURS = [..."abcdefghi"];

/** A whole picture of this size, in pixels. */
export const picture = (width: number, height: number, parts: string[]) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">\n${STYLE}\n${parts.join("\n")}\n</svg>\n`;
