import type { ClientBase } from "pg";
import { COLLECTIONS, DRAFT_PRODUCTS, DRAFTS, READ_PRODUCTS, WORDS, WRITE_PRODUCTS } from "./products.sql";
import { ADJECTIVES, FILLERS, MATERIALS, manyWords, NOUNS } from "./words";

/** Products written in one transaction: a search word's bits are written once a round. */
const ROUND = 10_000;

export type Filling = {
  /** A connection of the role that owns the tables */
  owner: ClientBase;
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
  const { owner, products, onProgress } = filling;
  await owner.query(COLLECTIONS);
  const { rows } = await owner.query<{ made: number }>("SELECT count(*)::int AS made FROM products");
  for (let made = rows[0]?.made ?? 0; made < products; ) {
    const upto = Math.min(products, made + ROUND);
    await fillRound(filling, made, upto - 1);
    made = upto;
    onProgress?.(made);
  }
  await owner.query("VACUUM ANALYZE");
}

async function fillRound({ owner, ...about }: Filling, from: number, to: number) {
  const words = about.manyWords ? { list: manyWords(), falling: 3 } : { list: FILLERS, falling: 1 };
  await owner.query("BEGIN");
  await owner.query("SELECT setseed($1)", [(from % 9_973) / 9_973]); // the same shop each time
  await owner.query(DRAFTS);
  await owner.query(WORDS, [words.list]);
  await owner.query("ANALYZE word");
  const names = [ADJECTIVES, MATERIALS, NOUNS];
  await owner.query(DRAFT_PRODUCTS, [from, to, ...names, words.list.length, words.falling]);
  await owner.query(WRITE_PRODUCTS);
  await owner.query(READ_PRODUCTS);
  await owner.query("COMMIT");
}
