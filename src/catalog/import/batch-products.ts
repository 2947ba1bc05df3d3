import { ImportFileError } from "./import-file-error";
import { parseProducts } from "./parse-products";
import { isRefused, type ParsedProduct, type RefusedRow } from "./parsed-product";

/** Products that are written in one transaction, and of how many rows of the file they are. */
export type Batch = { products: ParsedProduct[]; rows: number };

/**
 * A search word's set is written once a transaction, however many of its products have the word, so larger ones are quicker; but what they
 * change is held until they end, and buyers wait for it. Twice as many products cost the database 3 % less a row.
 */
const MOST_PRODUCTS = 500;
const MOST_ROWS = 1_250;
/** Descriptions may be long, and batches are held in memory. */
const MOST_CHARACTERS = 4_000_000;

/**
 * Cuts a product export (see parseProducts) into batches. Rows that cannot be read are told to `onRefused`.
 * @throws ImportFileError when the file cannot be read any further, after a batch of what came before
 */
export async function* batchProducts(
  input: AsyncIterable<Buffer | string>,
  { currency, onRefused }: { currency: string; onRefused: (row: RefusedRow) => void },
): AsyncGenerator<Batch> {
  let batch: Batch = { products: [], rows: 0 };
  let characters = 0;
  try {
    for await (const entry of parseProducts(input, { currency })) {
      if (isRefused(entry)) {
        onRefused(entry);
        continue;
      }
      batch.products.push(entry);
      batch.rows += entry.lines.length;
      characters += entry.descriptionHtml.length;
      const { products, rows } = batch;
      if (products.length < MOST_PRODUCTS && rows < MOST_ROWS && characters < MOST_CHARACTERS) continue;
      yield batch;
      batch = { products: [], rows: 0 };
      characters = 0;
    }
  } catch (error) {
    if (error instanceof ImportFileError) yield batch;
    throw error;
  }
  yield batch;
}
