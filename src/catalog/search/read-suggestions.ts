import { Prisma } from "../../generated/prisma/client";
import type { Context } from "../../platform/context";
import { matchFilter } from "./match-filter";
import { PAST_ALL, typedWords } from "./match-words";
import { parseQuery } from "./parse-query";
import { isWordWithin } from "./visible-words";

/** A completion: a product's or collection's title with its uuid, or the typed words with the last one finished. */
export type SuggestionRow = { kind: "collection" | "product" | "word"; text: string; uuid: string | null };

/** Words that begin alike and are looked at, the shortest first. */
const MOST_WORDS = 50;
/** Products whose titles match and are compared, the newest first. */
const MOST_TITLES = 500;

/**
 * Up to `most` completions of each kind, in one statement over indexes: collections and visible products whose titles have all words,
 * the last one perhaps unfinished, those that begin with the text and short ones first; then words that such products have.
 */
export async function readSuggestions(ctx: Context, prefix: string, most: number): Promise<SuggestionRow[]> {
  const { words } = parseQuery(prefix);
  const last = words.at(-1);
  if (last === undefined) return [];
  const start = prefix.trimStart().toLowerCase();
  const nearest = (title: Prisma.Sql, id: Prisma.Sql) =>
    Prisma.sql`ORDER BY starts_with(lower(${title}), ${start}::text) DESC, length(${title}), ${id} LIMIT ${most}::int`;
  const rows = await ctx.reads.$queryRaw<SuggestionRow[]>`
    WITH ${matchFilter(ctx, null, false).sql}, ${titlesWith(words)}, ${wordsBefore(words)}
    (SELECT 'collection' AS kind, c.title AS text, c.id AS uuid FROM collections c
      WHERE to_tsvector('tillgraph_words', search_text(c.title)) @@ to_tsquery('tillgraph_words', ${`${words.join(" & ")}:*`})
      ${nearest(Prisma.sql`c.title`, Prisma.sql`c.id`)})
    UNION ALL
    (SELECT 'product', p.title, p.id FROM titled t JOIN search_facets d ON d.ordinal = t.ordinal JOIN products p ON p.id = d.product_id
      ${nearest(Prisma.sql`p.title`, Prisma.sql`p.id`)})
    UNION ALL
    (SELECT 'word', word, NULL FROM (
      SELECT word FROM search_words, unaccent(${last}::text) AS start
      WHERE word > start AND word < start || ${PAST_ALL}
      ORDER BY length(word), word LIMIT ${MOST_WORDS}::int) candidates
      WHERE ${isWordWithin(Prisma.sql`said`, Prisma.sql`word`)} LIMIT ${most}::int)`;
  return rows.map((row) => (row.kind === "word" ? { ...row, text: finish(prefix, last, row.text) } : row));
}

/** CTEs that end in `titled` (ordinal): visible products with all words in their titles. */
const titlesWith = (words: string[]) => Prisma.sql`
  lexemes AS MATERIALIZED (
    SELECT DISTINCT lexeme, unfinished FROM (${typedWords(words)}) AS w (word, unfinished), unnest(tsvector_to_array(to_tsvector('tillgraph_words', word))) AS lexeme
  ), with_word AS (
    SELECT l.lexeme, l.unfinished, b.block, bit_or(b.bits) AS bits FROM lexemes l JOIN search_bits b ON b.key >= 't:' || l.lexeme
      AND b.key < 't:' || l.lexeme || CASE WHEN l.unfinished THEN ${PAST_ALL} ELSE chr(1) END GROUP BY 1, 2, 3
  ), with_all AS (
    SELECT block, bit_and(bits) AS bits FROM with_word GROUP BY 1 HAVING count(*) = (SELECT count(*) FROM lexemes)
  ), titled AS MATERIALIZED (
    SELECT o.ordinal FROM (SELECT w.block, w.bits & v.bits AS bits FROM with_all w JOIN allowed v ON v.block = w.block ORDER BY 1 DESC) t
    CROSS JOIN LATERAL search_ordinals(t.block, t.bits, ${MOST_TITLES}::int) AS o (ordinal) LIMIT ${MOST_TITLES}::int
  )`;

/** CTEs that end in `said` (block, bits): visible products with all words but the last. */
const wordsBefore = (words: string[]) => Prisma.sql`
  stems AS MATERIALIZED (
    SELECT DISTINCT lexeme FROM unnest(${words.slice(0, -1)}::text[]) AS word, unnest(tsvector_to_array(to_tsvector('tillgraph', word))) AS lexeme
  ), said AS MATERIALIZED (
    SELECT v.block, v.bits & coalesce(bit_and(b.bits), ~B'0'::bit(16384)) AS bits
    FROM allowed v LEFT JOIN (stems s JOIN search_bits b ON b.key = 'w:' || s.lexeme) ON b.block = v.block
    GROUP BY v.block, v.bits HAVING count(b.block) = (SELECT count(*) FROM stems)
  )`;

/** The typed text with its last word replaced. */
function finish(prefix: string, last: string, word: string): string {
  const text = prefix.normalize("NFKC").trim();
  return text.slice(0, text.toLowerCase().lastIndexOf(last)) + word;
}
