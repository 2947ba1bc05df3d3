import { readFileSync, writeFileSync } from "node:fs";

const [BEGIN, END] = ["<!-- bench: written by npm run bench -- --readme -->", "<!-- /bench -->"];

/** Puts `text` between the file's markers. @throws Error when it has none */
export function writeBetweenMarkers(file: string, text: string): void {
  const before = readFileSync(file, "utf8");
  const [begin, end] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${file} has no place for the table: ${BEGIN} … ${END}`);
  writeFileSync(file, `${before.slice(0, begin + BEGIN.length)}\n${text}\n${before.slice(end)}`);
}
