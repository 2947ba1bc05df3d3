import { pipeline, Readable } from "node:stream";
import { type Info, parse } from "csv-parse";
import { isPlainText } from "../../platform/text";
import { withLineFeeds } from "../write/check-draft";
import { type Cells, type Column, columnKeys, columns, type Header, readHeader } from "./columns";
import { ImportFileError } from "./import-file-error";
import type { RefusedRow } from "./parsed-product";

/** One row of the file: the line it starts on and its cells, trimmed; a column the file doesn't have is "". */
export type Row = { line: number; cells: Cells; columns: ReadonlySet<Column> };

/** Longer than any row: a quote that is never closed must not take the rest of the file into memory. */
const MAX_ROW_BYTES = 1_048_576;

type CsvRecord = { record: string[]; info: Info };

/**
 * Reads CSV (RFC 4180, UTF-8 with or without BOM) row by row, in bounded memory.
 * Rows that cannot be read are handed on as refusals.
 * @throws ImportFileError when the file is empty, lacks a required column, or a quote is never closed.
 */
export async function* readRows(input: AsyncIterable<Buffer | string>): AsyncGenerator<Row | RefusedRow> {
  let header: Header | undefined;
  let lastLine = 0;
  let drift = 0;
  let brokenBelow = Number.POSITIVE_INFINITY;
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
    // Failing here would throw away the rows parsed before: what is wrong is told after them instead.
    skip_records_with_error: true,
    on_skip: () => {
      brokenBelow = Math.min(brokenBelow, parser.info.lines);
    },
  });
  // A failing source destroys the parser, so that the loop below throws; a reader that stops early closes the source.
  pipeline(Readable.from(input), parser, () => {});

  for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
    if (info.lines > brokenBelow) break;
    const inside = lineBreaks(record, info.lines - drift > lastLine + 1);
    drift += inside.double;
    lastLine = info.lines - drift;
    const line = lastLine - inside.all;
    if (header) yield readRow(record, line, header);
    else header = readHeader(record);
  }
  if (brokenBelow < Number.POSITIVE_INFINITY) {
    throw new ImportFileError(`line ${lastLine + 1}: a quoted field starts here and is never closed`);
  }
  if (!header) throw new ImportFileError("the file is empty");
}

/**
 * Line breaks inside a row's cells: the parser tells the line a row ends on, and counts CR LF in a cell twice.
 * Most rows are known to have none.
 */
function lineBreaks(record: string[], possible: boolean) {
  const breaks = possible ? record.flatMap((cell) => cell.match(/\r\n|\n|\r/g) ?? []) : [];
  return { all: breaks.length, double: breaks.filter((text) => text === "\r\n").length };
}

function readRow(
  record: string[],
  line: number,
  { places, width, columns: present }: Header,
): Row | RefusedRow {
  const cells = {} as Cells;
  for (const key of columnKeys) cells[key] = withLineFeeds(record[places[key]] ?? "").trim();
  const refuse = (reason: string): RefusedRow => ({ line, handle: cells.handle, reason });

  // Spreadsheets leave out trailing empty cells; cells beyond the header mean that a comma slipped in.
  if (record.length > width && record.slice(width).some((cell) => cell.trim() !== "")) {
    return refuse(`has ${record.length} cells, the header has ${width}`);
  }
  for (const key of columnKeys) {
    const cell = cells[key];
    if (cell.includes("\uFFFD")) return refuse(`${columns[key]} is not valid UTF-8`);
    if (!isPlainText(cell, cell.length)) return refuse(`${columns[key]} contains a control character`);
  }
  return { line, cells, columns: present };
}
