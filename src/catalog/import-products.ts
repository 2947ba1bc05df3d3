import { type Batch, batchProducts } from "./import/batch-products";
import type { RefusedRow } from "./import/parsed-product";
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

/**
 * Imports a product export in Shopify's CSV format, some hundred products a transaction, in bounded memory: while one batch is written
 * the next is read. Products are found by handle and become what the file says; those already so are left untouched, so a second run
 * changes nothing. Rows that cannot be used are told to `onRefused` and the rest is imported.
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
  const onRefused = (row: RefusedRow) => {
    counts.rows++;
    counts.refused++;
    options.onRefused?.(row);
  };
  const write = async ({ products, rows }: Batch) => {
    for (const { kind, lost } of await writeBatch(shop, products, { currency, amend })) {
      if (kind) counts[kind]++;
      for (const row of lost) onRefused(row);
      counts.rows -= lost.length;
    }
    counts.rows += rows;
    options.onProgress?.({ ...counts });
  };

  let written = Promise.resolve();
  try {
    for await (const batch of batchProducts(input, { currency, onRefused })) {
      await written;
      written = write(batch);
      written.catch(() => {}); // heard of by the next one to await it: until then the file is read on
    }
  } finally {
    await written;
  }
  return counts;
}
