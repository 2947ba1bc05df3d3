import { Prisma } from "../../generated/prisma/client";
import type { ParsedQuery } from "./parse-query";

/** Beyond any character that a key may hold. */
export const PAST_ALL = Prisma.sql`chr(1114111)`;

/** A shorter unfinished word (in bytes, so of Latin letters) is begun in titles only: most texts have some word that begins so. */
const SHORTEST_BEGUN = 3;

/**
 * CTEs that end in `matched` (rank, block, bits) and `found` (block, bits), all of them: the products with all words of the query, the last
 * of which may be unfinished, or with that SKU; each in every rank it reaches: 5 it is that SKU, 4 its title has all words, 3 the last one
 * begun, 2 its title, vendor, type, tags, option values and SKUs have them, 1 any of its texts. Stop words count only where nothing else was
 * typed. When everything is asked for, all are of rank 1.
 */
export function matchWords({ words, everything }: ParsedQuery): Prisma.Sql {
  if (everything)
    return Prisma.sql`matched AS MATERIALIZED (
      SELECT 1 AS rank, block, bit_or(bits) AS bits FROM search_bits WHERE key >= 'status:' AND key < 'status;' GROUP BY block), ${ANY_RANK}`;
  return Prisma.sql`${lexemesOf(words)}, ${skuOf(words.join(""))},
    with_word AS (
      SELECT way.rank, b.block, b.bits
      FROM lexemes l CROSS JOIN (VALUES (4, 't:', false), (3, 't:', true), (2, 'n:', true), (1, 'w:', true)) AS way (rank, kind, open)
      CROSS JOIN LATERAL (
        ${underWord(words.at(-1) ?? "")}
      ) b
    ), with_all AS (
      SELECT rank, block, bit_and(bits) AS bits FROM with_word GROUP BY 1, 2 HAVING count(*) = (SELECT count(*) FROM lexemes)
      UNION ALL SELECT CASE WHEN key = start THEN 5 ELSE 1 END, block, bits FROM sku JOIN search_bits ON key >= start AND key < past
    ), matched AS MATERIALIZED (SELECT rank, block, bit_or(bits) AS bits FROM with_all GROUP BY 1, 2), ${ANY_RANK}`;
}

/** Rows (block, bits) of what has a word in a way, by the typed text's last word: a longer one is by far the more frequent, and the simpler to look up. */
function underWord(last: string): Prisma.Sql {
  const begun = Prisma.sql`way.open AND l.unfinished`;
  const past = (begins: Prisma.Sql) => Prisma.sql`CASE WHEN ${begins} THEN ${PAST_ALL} ELSE chr(1) END`;
  if (Buffer.byteLength(last) >= SHORTEST_BEGUN)
    return Prisma.sql`SELECT block, bit_or(bits) AS bits FROM search_bits
      WHERE key >= way.kind || l.lexeme AND key < way.kind || l.lexeme || ${past(begun)} GROUP BY block`;
  return Prisma.sql`SELECT block, bit_or(bits) AS bits FROM (
      SELECT way.kind || l.lexeme AS start, false AS begins UNION ALL SELECT 't:' || l.lexeme, true WHERE ${begun}
    ) range CROSS JOIN LATERAL (
      SELECT block, bits FROM search_bits WHERE key >= start AND key < start || ${past(Prisma.sql`begins`)} OFFSET 0
    ) b GROUP BY block`;
}

/** What reaches a rank by its words reaches rank 1, too: only a whole SKU stands by itself. */
const ANY_RANK = Prisma.sql`found AS MATERIALIZED (SELECT block, bit_or(bits) AS bits FROM matched WHERE rank IN (1, 5) GROUP BY block)`;

/**
 * Rows of the typed words, and whether it may be unfinished. VALUES, not an array: PostgreSQL plans for as many words as stand there, while it
 * takes any array for the same length. Filled up with the first word to 1, 2, 4, 8 … rows, so that there are few statements.
 */
export function typedWords(words: string[]): Prisma.Sql {
  const filled = Array.from(
    { length: 2 ** Math.ceil(Math.log2(words.length)) - words.length },
    () => words[0] ?? "",
  );
  const rows = [...filled, ...words].map(
    (word, index, all) => Prisma.sql`(${word}::text, ${index === all.length - 1}::boolean)`,
  );
  return Prisma.sql`VALUES ${Prisma.join(rows)}`;
}

/** CTE `lexemes` (lexeme, unfinished): the typed words as keys hold them. */
const lexemesOf = (words: string[]) => Prisma.sql`
  typed (word, unfinished) AS (${typedWords(words)}),
  stems AS MATERIALIZED (
    SELECT DISTINCT lexeme, unfinished FROM typed, unnest(tsvector_to_array(to_tsvector('tillgraph', word))) AS lexeme),
  lexemes AS MATERIALIZED (
    SELECT * FROM stems UNION ALL
    SELECT DISTINCT lexeme, unfinished FROM typed, unnest(tsvector_to_array(to_tsvector('tillgraph_words', word))) AS lexeme
    WHERE NOT EXISTS (SELECT FROM stems))`;

/**
 * CTE `sku` (start, past): the keys of what was typed as a SKU. Half of one is looked up when it looks like one: "head" shall not find HEAD-1
 * before headphones.
 */
function skuOf(letters: string): Prisma.Sql {
  const end = letters.length >= 3 && /\d/.test(letters) ? PAST_ALL : Prisma.sql`chr(1)`;
  return Prisma.sql`sku AS MATERIALIZED (SELECT ${`=${letters}`}::text AS start, ${`=${letters}`}::text || ${end} AS past)`;
}
