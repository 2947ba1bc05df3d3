import { Prisma } from "../../generated/prisma/client";
import type { Page } from "../../platform/connection";

/** Above any ordinal: rank × this + ordinal stands in the order of ranks, and within one the newest (greatest) first. */
const RANK = 2 ** 32;
const BLOCK = 16_384;
/** Of so few hits all prices are sorted; with more of them in the ranges of the page it is quicker to walk the prices until it is full. */
const FEW_HITS = 2_000;
/** In a large catalogue they are more: as many a block, because prices that are walked may have no hit among a quarter of all products. */
const FEW_IN_BLOCK = 150;

/** CTEs that end in `page` (key, uuid): the best rank first, within a rank the newest. Each hit stands in the highest rank it reached. */
export const pageOfRanks = (page: Page): Prisma.Sql => Prisma.sql`
  layers AS (
    SELECT * FROM (SELECT m.rank, m.block, m.bits & h.bits AS bits FROM matched m JOIN hits h ON h.block = m.block AND h.skip = 0 OFFSET 0) both_say
    WHERE bit_count(bits) > 0
  ), ${pageOfLayers(page, Prisma.sql`r.bits & ~coalesce((SELECT bit_or(bits) FROM matched WHERE block = r.block AND rank > r.rank), B'0'::bit(16384))`)}`;

/** As pageOfRanks, all of one rank. */
export const pageOfNewest = (page: Page): Prisma.Sql => Prisma.sql`
  layers AS (SELECT 1 AS rank, block, bits FROM hits WHERE skip = 0), ${pageOfLayers(page, Prisma.sql`r.bits`)}`;

/** Blocks are looked into one after the other, only until the page is full: `own` is what of a layer `r` no higher one has told, and is unpacked. */
function pageOfLayers({ cursor, limit }: Page, own: Prisma.Sql): Prisma.Sql {
  const rows = Prisma.sql`${limit + 1}::int`;
  return Prisma.sql`${cursor ? beyond(-Number(cursor[1])) : Prisma.sql`rest AS (SELECT * FROM layers)`},
    page AS MATERIALIZED (
      SELECT -(best.rank * ${RANK}::bigint + best.ordinal) AS key, d.product_id AS uuid FROM (
        SELECT r.rank, o.ordinal FROM (SELECT * FROM rest ORDER BY rank DESC, block DESC) r
        CROSS JOIN LATERAL (SELECT ${own} AS bits OFFSET 0) own
        CROSS JOIN LATERAL search_ordinals(r.block, own.bits, ${rows}) AS o (ordinal)
        WHERE bit_count(own.bits) > 0
        ORDER BY r.rank DESC, r.block DESC, o.ordinal DESC LIMIT ${rows}
      ) best JOIN search_facets d ON d.ordinal = best.ordinal)`;
}

/** CTE `rest`: what of the layers comes after a place (rank × RANK + ordinal). In a block a greater ordinal stands further left. */
function beyond(place: number): Prisma.Sql {
  const [rank, ordinal] = [Math.floor(place / RANK), ((place % RANK) + RANK) % RANK];
  const at = Prisma.sql`(${rank}::bigint, ${Math.floor(ordinal / BLOCK)}::bigint)`;
  const seen = Prisma.sql`${BLOCK - (ordinal % BLOCK)}::int`;
  return Prisma.sql`rest AS (
    SELECT rank, block, CASE WHEN (rank, block) = ${at} THEN bits & (~B'0'::bit(16384) >> ${seen}) ELSE bits END AS bits
    FROM layers WHERE (rank, block) <= ${at})`;
}

/** Looked up row by row, so that prices can be walked in their order. */
const isHit = Prisma.sql`(SELECT get_bit((SELECT blocks FROM whole)[d.ordinal / 16384 + 1], 16383 - d.ordinal % 16384)
  FROM search_documents d WHERE d.product_id = r.product_id) = 1`;

/**
 * CTEs that end in `page` (key, uuid) by lowest price, rising; falling prices are negative keys. Of many hits only those are looked at whose round range of
 * prices the page can reach, so it doesn't matter where in the order of all prices they stand.
 */
export function pageOfPrices({ cursor, limit }: Page, currency: string, falling: boolean): Prisma.Sql {
  const key = falling ? Prisma.sql`-r.min_amount` : Prisma.sql`r.min_amount`;
  const from = cursor ? Number(cursor[1]) : null;
  const after = cursor
    ? Prisma.sql`AND (${key}, r.product_id) > (${from}::bigint, ${cursor[2]}::uuid)`
    : Prisma.empty;
  const order = falling
    ? Prisma.sql`r.min_amount DESC, r.product_id`
    : Prisma.sql`r.min_amount, r.product_id`;
  const rest = Prisma.sql`r.currency = ${currency}::char(3) ${after} ORDER BY ${order} LIMIT ${limit + 1}::int`;
  return Prisma.sql`${rangesOfPage(limit + 1, currency, from === null ? null : Math.abs(from), falling)}, page AS MATERIALIZED (
    (SELECT ${key} AS key, r.product_id AS uuid FROM near n CROSS JOIN LATERAL search_ordinals(n.block, n.bits, ${BLOCK}::int) AS o (ordinal)
      CROSS JOIN LATERAL (SELECT product_id FROM search_facets WHERE ordinal = o.ordinal OFFSET 0) d
      CROSS JOIN LATERAL (SELECT * FROM product_price_ranges WHERE product_id = d.product_id AND currency = ${currency}::char(3) OFFSET 0) r
      WHERE ${rest})
    UNION ALL
    (SELECT ${key}, r.product_id FROM product_price_ranges r WHERE NOT (SELECT few FROM reach)
      AND r.min_amount >= (SELECT least FROM reach) AND r.min_amount <= (SELECT most FROM reach) AND ${isHit} AND ${rest}))`;
}

/**
 * CTEs that end in `near` (block, bits): hits that may be of the page, if they are few, and `reach` (few, least, most): the prices that it can have. The
 * hits of the range that the page before ended in may all have been told, so they fill nothing.
 */
function rangesOfPage(rows: number, currency: string, from: number | null, falling: boolean): Prisma.Sql {
  const first = Prisma.sql`price_key('low', ${currency}::text, (price_range_of(${from}::bigint)).least)`;
  const [start, past] = [Prisma.sql`${`low:${currency}:`}::text`, Prisma.sql`${`low:${currency};`}::text`];
  const left =
    from === null
      ? Prisma.sql`b.key >= ${start} AND b.key < ${past}`
      : falling
        ? Prisma.sql`b.key >= ${start} AND b.key <= ${first}`
        : Prisma.sql`b.key >= ${first} AND b.key < ${past}`;
  const fills = from === null ? Prisma.sql`hits` : Prisma.sql`CASE WHEN key = ${first} THEN 0 ELSE hits END`;
  return Prisma.sql`
    whole AS MATERIALIZED (
      SELECT array_agg(h.bits ORDER BY n) AS blocks FROM generate_series(0, (SELECT max(block) FROM hits)) AS n LEFT JOIN hits h ON h.skip = 0 AND h.block = n
    ), in_range AS MATERIALIZED (
      SELECT b.key, sum(bit_count(b.bits & (SELECT blocks FROM whole)[b.block + 1])) AS hits FROM search_bits b
      WHERE (SELECT total FROM total) > ${FEW_HITS}::int AND ${left} GROUP BY 1
    ), reached AS MATERIALIZED (
      SELECT key, hits, substr(key, ${`low:${currency}:`.length + 1}::int)::bigint AS least FROM (
        SELECT key, hits, coalesce(sum(${fills}) OVER (ORDER BY key ${falling ? Prisma.sql`DESC` : Prisma.empty}
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before FROM in_range
      ) ranged WHERE hits > 0 AND before < ${rows}::int
    ), reach AS MATERIALIZED (
      SELECT sum(hits) <= (SELECT greatest(${FEW_HITS}::int, ${FEW_IN_BLOCK}::int * cardinality(blocks)) FROM whole) AS few, min(least) AS least, max((price_range_of(least)).most) AS most FROM reached
    ), near AS MATERIALIZED (
      SELECT block, bits FROM hits WHERE skip = 0 AND (SELECT total FROM total) <= ${FEW_HITS}::int
      UNION ALL SELECT c.block, c.bits & (SELECT blocks FROM whole)[c.block + 1] FROM (
        SELECT b.block, bit_or(b.bits) AS bits FROM reached JOIN search_bits b ON b.key = reached.key
        WHERE (SELECT few FROM reach) GROUP BY 1
      ) c WHERE bit_count(c.bits & (SELECT blocks FROM whole)[c.block + 1]) > 0)`;
}
