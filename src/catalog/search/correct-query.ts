import { Prisma } from "../../generated/prisma/client";
import type { Context } from "../../platform/context";
import { matchFilter } from "./match-filter";
import { parseQuery, replaceWords } from "./parse-query";
import { isWordWithin } from "./visible-words";

/** Longer queries are sentences; nobody's typing error is worth comparing that many words. */
const MOST_WORDS = 10;
/** Of the nearest words, as many are looked up before a word is given up. */
const MOST_CANDIDATES = 5;

/**
 * A query that found nothing, with each word that no visible product has replaced by the nearest one that some have: fewest edits
 * (1 in a word of three letters, 2 from four on, 3 from nine on), then most trigrams in common, then alphabetically; stop words
 * stay. Null when there is nothing to correct. One statement.
 */
export async function correctQuery(ctx: Context, query: string): Promise<string | null> {
  const { words } = parseQuery(query);
  if (words.length === 0 || words.length > MOST_WORDS) return null;
  const visible = Prisma.sql`allowed`;
  const corrections = await ctx.reads.$queryRaw<{ word: string; correction: string }[]>`
    WITH ${matchFilter(ctx, null, false).sql}
    SELECT typed.word, nearest.correction
    FROM (SELECT word, place, unaccent(word) AS plain FROM unnest(${words}::text[]) WITH ORDINALITY AS w (word, place)) typed
    CROSS JOIN LATERAL (
      SELECT near.word AS correction FROM (
        SELECT word, levenshtein_less_equal(word, plain, edits) AS distance, similarity(word, plain) AS alike
        FROM search_words, (SELECT CASE WHEN length(plain) < 4 THEN 1 WHEN length(plain) < 9 THEN 2 ELSE 3 END AS edits) AS allowed
        WHERE (word % plain OR word >= left(plain, 1) AND word < left(plain, 1) || chr(1114111))
          AND levenshtein_less_equal(word, plain, edits) <= edits
        ORDER BY distance, alike DESC, word LIMIT ${MOST_CANDIDATES}::int
      ) near
      WHERE ${isWordWithin(visible, Prisma.sql`near.word`)} ORDER BY near.distance, near.alike DESC, near.word LIMIT 1
    ) nearest
    WHERE length(typed.plain) BETWEEN 3 AND 50 AND numnode(to_tsquery('tillgraph', typed.word)) > 0
      AND NOT ${isWordWithin(visible, Prisma.sql`typed.word`, Prisma.sql`typed.place = ${words.length}::int`)}`;
  if (corrections.length === 0) return null;
  return replaceWords(query, new Map(corrections.map(({ word, correction }) => [word, correction])));
}
