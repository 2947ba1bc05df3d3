import { ImportFileError } from "./import/import-file-error";
import { parseProducts } from "./import/parse-products";
import { isRefused, type ParsedProduct, type RefusedRow } from "./import/parsed-product";
import { type Shop, writeBatch } from "./import/write-batch";
import type { ProductDraft } from "./product-draft";

/** Products by what became of them; `rows` and `refused` count rows of the file. */
export type ImportCounts = {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
};

export type ImportOptions = {
  /** ISO 4217; the shop's own when left out */
  currency?: string;
  /** Adds to what the file says of a product, e.g. its collections */
  amend?: (draft: ProductDraft) => ProductDraft;
  /** After each transaction, with the counts so far */
  onProgress?: (counts: ImportCounts) => void;
  onRefused?: (row: RefusedRow) => void;
};

/** A transaction: enough to be quick, few enough to let others at the rows soon. */
const BATCH_PRODUCTS = 200;
const BATCH_ROWS = 1_000;

/**
 * Imports a product export in Shopify's CSV format, some hundred products a transaction, in bounded memory. Products are found by
 * handle and become what the file says; those already so are left untouched, so a second run changes nothing. Rows that
 * cannot be used are told to `onRefused` and the rest is imported.
 * @param input the file's bytes
 * @throws ImportFileError when the file cannot be read any further; what came before is imported, except
 *   the last product, which may have more rows further on
 */
export async function importProducts(
  shop: Shop,
  input: AsyncIterable<Buffer | string>,
  options: ImportOptions = {},
): Promise<ImportCounts> {
  const { currency = shop.config.shop.currencies[0] ?? "", amend = (draft) => draft } = options;
  const counts: ImportCounts = { rows: 0, created: 0, updated: 0, unchanged: 0, refused: 0 };
  let batch: ParsedProduct[] = [];
  let rows = 0;

  const refuse = (row: RefusedRow) => {
    counts.rows++;
    counts.refused++;
    options.onRefused?.(row);
  };
  const flush = async () => {
    for (const { kind, lost } of await writeBatch(shop, batch, { currency, amend })) {
      if (kind) counts[kind]++;
      for (const row of lost) refuse(row);
      counts.rows -= lost.length;
    }
    counts.rows += rows;
    batch = [];
    rows = 0;
    options.onProgress?.({ ...counts });
  };

  try {
    for await (const entry of parseProducts(input, { currency })) {
      if (isRefused(entry)) {
        refuse(entry);
        continue;
      }
      batch.push(entry);
      rows += entry.lines.length;
      if (batch.length >= BATCH_PRODUCTS || rows >= BATCH_ROWS) await flush();
    }
  } catch (error) {
    if (error instanceof ImportFileError) await flush();
    throw error;
  }
  await flush();
  return counts;
}
