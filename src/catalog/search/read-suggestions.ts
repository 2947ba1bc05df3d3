import { Prisma } from "../../generated/prisma/client";
import type { Context } from "../../platform/context";
import { productConditions } from "../product-filter";
import { parseQuery } from "./parse-query";

/** A completion: a product's or collection's title with its uuid, or the typed words with the last one finished. */
export type SuggestionRow = { kind: "collection" | "product" | "word"; text: string; uuid: string | null };

/** Words that begin alike and are looked at, the shortest first. */
const MOST_CANDIDATES = 50;

/**
 * Up to `most` completions of each kind, in one statement over indexes: collections and visible products whose titles have all words,
 * the last one perhaps unfinished, those that begin with the text and short ones first; then words that such products have.
 */
export async function readSuggestions(ctx: Context, prefix: string, most: number): Promise<SuggestionRow[]> {
  const { words } = parseQuery(prefix);
  const last = words.at(-1);
  if (last === undefined) return [];
  const typed = `${words.join(" & ")}:*`;
  const inTitle = `${words.join(":A & ")}:*A`;
  const before = words.slice(0, -1).map((word) => `${word} & `);
  const visible = Prisma.join(productConditions(ctx, null), " AND ");
  const start = prefix.trimStart().toLowerCase();
  const nearest = (title: Prisma.Sql, id: Prisma.Sql) =>
    Prisma.sql`ORDER BY starts_with(lower(${title}), ${start}::text) DESC, length(${title}), ${id} LIMIT ${most}::int`;
  const rows = await ctx.db.$queryRaw<SuggestionRow[]>`
    WITH q AS MATERIALIZED (
      SELECT to_tsquery('tillgraph_words', ${typed}) AS typed, to_tsquery('tillgraph_words', ${inTitle}) AS in_title)
    (SELECT 'collection' AS kind, c.title AS text, c.id AS uuid FROM q, collections c
      WHERE to_tsvector('tillgraph_words', search_text(c.title)) @@ q.typed
      ${nearest(Prisma.sql`c.title`, Prisma.sql`c.id`)})
    UNION ALL
    (SELECT 'product', p.title, p.id FROM q, search_documents s JOIN products p ON p.id = s.product_id
      WHERE s.document @@ q.in_title AND ${visible} ${nearest(Prisma.sql`p.title`, Prisma.sql`p.id`)})
    UNION ALL
    (SELECT 'word', word, NULL FROM (
      SELECT word FROM search_words, unaccent(${last}::text) AS start
      WHERE word > start AND word < start || chr(1114111)
      ORDER BY length(word), word LIMIT ${MOST_CANDIDATES}::int) candidates
      WHERE EXISTS (SELECT FROM search_documents s JOIN products p ON p.id = s.product_id
        WHERE s.document @@ to_tsquery('tillgraph', ${before.join("")}::text || word) AND ${visible})
      LIMIT ${most}::int)`;
  return rows.map((row) => (row.kind === "word" ? { ...row, text: finish(prefix, last, row.text) } : row));
}

/** The typed text with its last word replaced. */
function finish(prefix: string, last: string, word: string): string {
  const text = prefix.normalize("NFKC").trim();
  return text.slice(0, text.toLowerCase().lastIndexOf(last)) + word;
}
