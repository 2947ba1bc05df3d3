import type { ClientBase } from "pg";
import { indexProducts } from "../../src/catalog/search/index-products";
import { saveDocuments } from "../../src/catalog/write/save-documents";
import { type Db, transact } from "../../src/platform/database";
import { COLLECTIONS, DRAFT_PRODUCTS, DRAFTS, WRITE_PRODUCTS } from "./products.sql";
import { ADJECTIVES, FILLERS, MATERIALS, manyWords, NOUNS } from "./words";

/** Products written in one transaction, and their documents in another. */
const ROUND = 2_000;

export type Filling = {
  /** A connection of the role that owns the tables */
  owner: ClientBase;
  /** The server's own client: what search and lists read is written by what writes it in the shop */
  db: Db;
  /** Products in the end */
  products: number;
  /** Descriptions of a large shop's vocabulary instead of the peer's fifty words */
  manyWords?: boolean;
  onProgress?: (products: number) => void;
};

/**
 * Fills a migrated database up to so many products of 1 to 3 variants (two on average), in stock and with everything that belongs to them.
 * Goes on where an earlier call stopped, also one that was killed. PostgreSQL 18.
 */
export async function fillCatalog(filling: Filling): Promise<void> {
  const { owner, db, products, onProgress } = filling;
  await owner.query(COLLECTIONS);
  await finishRest(owner, db);
  const { rows } = await owner.query<{ made: number }>("SELECT count(*)::int AS made FROM products");
  for (let made = rows[0]?.made ?? 0; made < products; ) {
    const upto = Math.min(products, made + ROUND);
    await fillRound(filling, made, upto - 1);
    made = upto;
    onProgress?.(made);
  }
  await owner.query("VACUUM ANALYZE");
}

/** What a run that was killed has written, but not what is read of it. */
async function finishRest(owner: ClientBase, db: Db) {
  const { rows } = await owner.query<{ id: string }>(
    `SELECT id FROM products p WHERE NOT EXISTS (SELECT FROM search_documents WHERE product_id = p.id)
      OR NOT EXISTS (SELECT FROM product_documents WHERE product_id = p.id)`,
  );
  await finish(
    db,
    rows.map(({ id }) => id),
  );
}

/** As the shop itself does it. */
const finish = (db: Db, ids: string[]) =>
  transact(db, async (tx) => {
    await indexProducts(tx, ids);
    await saveDocuments(tx, ids);
  });

async function fillRound({ owner, db, ...about }: Filling, from: number, to: number) {
  const words = about.manyWords ? { list: manyWords(), falling: 3 } : { list: FILLERS, falling: 1 };
  await owner.query("BEGIN");
  await owner.query("SELECT setseed($1)", [(from % 9_973) / 9_973]); // the same shop each time
  await owner.query(DRAFTS);
  await owner.query(DRAFT_PRODUCTS, [from, to, ADJECTIVES, MATERIALS, NOUNS, words.list, words.falling]);
  await owner.query(WRITE_PRODUCTS);
  const { rows } = await owner.query<{ id: string }>("SELECT id FROM draft");
  await owner.query("COMMIT");
  await finish(
    db,
    rows.map(({ id }) => id),
  );
}
