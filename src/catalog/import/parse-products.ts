import { parseProduct } from "./parse-product";
import { isRefused, type ParsedProduct, type RefusedRow } from "./parsed-product";
import { type Row, readRows } from "./read-rows";

/** More than a product's variants and images can need: what comes after is refused, so that memory stays bounded. */
const MAX_ROWS = 500;

/**
 * Reads products from a CSV file in Shopify's export format, one at a time, in bounded memory.
 * In: the file's bytes; `currency` (ISO 4217) is the one its prices are in. Out: products, and every row that was
 * left out with its line and reason. The rows of a product follow each other; a handle that comes again is refused.
 * Source: https://help.shopify.com/en/manual/products/import-export/using-csv
 * @throws ImportFileError when the file is empty, lacks a column, or a quote is never closed.
 */
export async function* parseProducts(
  input: AsyncIterable<Buffer | string>,
  options: { currency: string },
): AsyncGenerator<ParsedProduct | RefusedRow> {
  const firstLines = new Map<string, number>();
  let group: Row[] = [];
  for await (const row of readRows(input)) {
    if (isRefused(row)) {
      yield row;
      continue;
    }
    const { handle } = row.cells;
    const refuse = (reason: string): RefusedRow => ({ line: row.line, handle, reason });
    if (handle === "") {
      yield refuse("Handle is empty");
    } else if (handle === group[0]?.cells.handle) {
      if (group.length < MAX_ROWS) group.push(row);
      else yield refuse(`the product has more than ${MAX_ROWS} rows`);
    } else {
      yield* parseProduct(group, options.currency);
      const seen = firstLines.get(handle);
      group = seen ? [] : [row];
      if (seen)
        yield refuse(`this handle was used in line ${seen}: rows of a product must follow each other`);
      else firstLines.set(handle, row.line);
    }
  }
  yield* parseProduct(group, options.currency);
}
