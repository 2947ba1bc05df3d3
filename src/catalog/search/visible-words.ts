import { Prisma } from "../../generated/prisma/client";
import { PAST_ALL } from "./match-words";

/**
 * Whether a product of `within` (block, bits) has the word, or with `unfinished` one that begins so, in any of its texts. Words outlive
 * the products they came from, and drafts have words too: what is offered to somebody must lead somewhere. ORDER BY and LIMIT make
 * PostgreSQL walk the word's own keys and stop at the first product; as a plain join it went through all keys.
 */
export const isWordWithin = (
  within: Prisma.Sql,
  word: Prisma.Sql,
  unfinished = Prisma.sql`false`,
) => Prisma.sql`EXISTS (
  SELECT FROM unnest(tsvector_to_array(to_tsvector('tillgraph', ${word}))) AS lexeme CROSS JOIN LATERAL (
    SELECT FROM search_bits b
    WHERE b.key >= 'w:' || lexeme AND b.key < 'w:' || lexeme || CASE WHEN ${unfinished} THEN ${PAST_ALL} ELSE chr(1) END
      AND bit_count(b.bits & (SELECT v.bits FROM ${within} v WHERE v.block = b.block AND bit_count(v.bits) > 0)) > 0
    ORDER BY b.key, b.block LIMIT 1
  ) AS product OFFSET 0)`;
