import { readFileSync, writeFileSync } from "node:fs";

/** Puts `text` between the file's markers of `command`, e.g. bench. @throws Error when it has none */
export function writeBetweenMarkers(file: string, command: string, text: string): void {
  const markers = [
    `<!-- ${command}: written by npm run ${command} -- --readme -->`,
    `<!-- /${command} -->`,
  ] as const;
  const before = readFileSync(file, "utf8");
  const [begin, end] = [before.indexOf(markers[0]), before.indexOf(markers[1])];
  if (begin < 0 || end < begin) throw new Error(`${file} has no place for the table: ${markers.join(" … ")}`);
  writeFileSync(file, `${before.slice(0, begin + markers[0].length)}\n\n${text}\n\n${before.slice(end)}`);
}
