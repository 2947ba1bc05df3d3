import { Prisma } from "../../generated/prisma/client";
import { PAST_ALL } from "./match-words";

/**
 * Whether a product of `within` (block, bits) has the word, or with `unfinished` one that begins so, in any of its texts. Words outlive
 * the products they came from, and drafts have words too: what is offered to somebody must lead somewhere. OFFSET 0 keeps PostgreSQL from
 * making a join of it, which would go through all keys to answer for one.
 */
export const isWordWithin = (
  within: Prisma.Sql,
  word: Prisma.Sql,
  unfinished = Prisma.sql`false`,
) => Prisma.sql`EXISTS (
  SELECT FROM unnest(tsvector_to_array(to_tsvector('tillgraph', ${word}))) AS lexeme
  JOIN search_bits b ON b.key >= 'w:' || lexeme AND b.key < 'w:' || lexeme || CASE WHEN ${unfinished} THEN ${PAST_ALL} ELSE chr(1) END
  JOIN ${within} v ON v.block = b.block WHERE bit_count(b.bits & v.bits) > 0
  OFFSET 0)`;
