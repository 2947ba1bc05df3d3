import { Prisma } from "../../generated/prisma/client";

/** What was typed, cut into the words that documents are cut into (SQL's search_text). */
export type ParsedQuery = {
  /** Lower case; letters and digits only, so none of them can be tsquery syntax */
  words: string[];
  /** Nothing but blanks was typed: everything is asked for */
  everything: boolean;
};

const WORD = /[\p{L}\p{Nd}]+/gu;

/** Cuts a query into words; punctuation and emoji only separate them. */
export function parseQuery(query: string): ParsedQuery {
  const words = query.normalize("NFKC").toLowerCase().match(WORD) ?? [];
  return { words, everything: query.trim() === "" };
}

/** Puts corrected words in the place of the typed ones and keeps what is between them. */
export const replaceWords = (query: string, corrections: Map<string, string>) =>
  query.normalize("NFKC").replace(WORD, (word) => corrections.get(word.toLowerCase()) ?? word);

/**
 * A one-row CTE `q` of text search queries: `match` finds documents with all words, the last of which may be unfinished, or with
 * that SKU; `sku`, `title` and `title_start` say of a hit that it is that SKU, has all words in its title, or their beginning.
 * A query of stop words alone ("the") looks for titles with these very words.
 */
export function queriesOf({ words }: ParsedQuery): Prisma.Sql {
  const typed = words.map((word, index) => (index < words.length - 1 ? word : `${word}:*`)).join(" & ");
  const title = words.map((word) => `${word}:A`).join(" & ");
  const titleStart = title.replace(/:A$/, ":*A");
  const key = words.join("");
  // Half a SKU is looked up when it looks like one: "head" shall not find the SKU HEAD-1 before headphones.
  const skuStart = key.length >= 3 && /\d/.test(key) ? `'=${key}':*` : `'=${key}'`;
  return Prisma.sql`q AS MATERIALIZED (
    SELECT CASE WHEN numnode(stemmed) > 0 THEN stemmed ELSE to_tsquery('tillgraph_words', typed) END || ${skuStart}::tsquery AS match,
      ${`'=${key}'`}::tsquery AS sku, to_tsquery('tillgraph', title) AS title, to_tsquery('tillgraph', title_start) AS title_start
    FROM (VALUES (${typed}::text, ${title}::text, ${titleStart}::text)) AS t (typed, title, title_start),
      to_tsquery('tillgraph', typed) AS stemmed)`;
}
