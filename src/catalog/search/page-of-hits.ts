import { Prisma } from "../../generated/prisma/client";
import type { Page } from "../../platform/connection";

/** Above any ordinal: rank × this + ordinal stands in the order of ranks, and within one the newest (greatest) first. */
const RANK = 2 ** 32;
const BLOCK = 16_384;
/** Of so few hits all prices are sorted; with more of them it is quicker to walk the prices until a page is full. */
const FEW_HITS = 2_000;

/** CTEs that end in `page` (key, uuid): the best rank first, within a rank the newest. Each hit stands in the highest rank it reached. */
export const pageOfRanks = (page: Page): Prisma.Sql => Prisma.sql`
  layers AS (
    SELECT m.rank, m.block, m.bits & h.bits & ~coalesce(bit_or(m.bits) OVER higher, B'0'::bit(16384)) AS bits
    FROM matched m JOIN hits h ON h.block = m.block AND h.skip = 0
    WINDOW higher AS (PARTITION BY m.block ORDER BY m.rank DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
  ), ${pageOfLayers(page)}`;

/** As pageOfRanks, all of one rank. */
export const pageOfNewest = (page: Page): Prisma.Sql => Prisma.sql`
  layers AS (SELECT 1 AS rank, block, bits FROM hits WHERE skip = 0), ${pageOfLayers(page)}`;

/** Blocks are unpacked one after the other, only until the page is full. */
function pageOfLayers({ cursor, limit }: Page): Prisma.Sql {
  const rows = Prisma.sql`${limit + 1}::int`;
  return Prisma.sql`${cursor ? beyond(-Number(cursor[1])) : Prisma.sql`rest AS (SELECT * FROM layers)`},
    page AS MATERIALIZED (
      SELECT -(best.rank * ${RANK}::bigint + best.ordinal) AS key, d.product_id AS uuid FROM (
        SELECT r.rank, o.ordinal FROM (SELECT * FROM rest WHERE bit_count(bits) > 0 ORDER BY rank DESC, block DESC) r
        CROSS JOIN LATERAL search_ordinals(r.block, r.bits, ${rows}) AS o (ordinal)
        ORDER BY r.rank DESC, r.block DESC, o.ordinal DESC LIMIT ${rows}
      ) best JOIN search_documents d ON d.ordinal = best.ordinal)`;
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
const isHit = Prisma.sql`(SELECT get_bit(h.bits, 16383 - d.ordinal % 16384) FROM search_documents d
  JOIN hits h ON h.skip = 0 AND h.block = d.ordinal / 16384 WHERE d.product_id = r.product_id) = 1`;

/** A CTE `page` (key, uuid) by lowest price, rising; falling prices are negative keys. */
export function pageOfPrices({ cursor, limit }: Page, currency: string, falling: boolean): Prisma.Sql {
  const key = falling ? Prisma.sql`-r.min_amount` : Prisma.sql`r.min_amount`;
  const from = Number(cursor?.[1]);
  // Said once more so that the index is entered where the page begins.
  const near = falling
    ? Prisma.sql`r.min_amount <= ${-from}::bigint`
    : Prisma.sql`r.min_amount >= ${from}::bigint`;
  const after = cursor
    ? Prisma.sql`AND (${key}, r.product_id) > (${from}::bigint, ${cursor[2]}::uuid) AND ${near}`
    : Prisma.empty;
  const order = falling
    ? Prisma.sql`r.min_amount DESC, r.product_id`
    : Prisma.sql`r.min_amount, r.product_id`;
  const rest = Prisma.sql`r.currency = ${currency}::char(3) ${after} ORDER BY ${order} LIMIT ${limit + 1}::int`;
  return Prisma.sql`page AS MATERIALIZED (
    (SELECT ${key} AS key, r.product_id AS uuid FROM hits h CROSS JOIN LATERAL search_ordinals(h.block, h.bits, ${FEW_HITS}::int) AS o (ordinal)
      JOIN search_documents d ON d.ordinal = o.ordinal JOIN product_price_ranges r ON r.product_id = d.product_id
      WHERE h.skip = 0 AND (SELECT total FROM total) <= ${FEW_HITS}::int AND ${rest})
    UNION ALL
    (SELECT ${key}, r.product_id FROM product_price_ranges r
      WHERE (SELECT total FROM total) > ${FEW_HITS}::int AND ${isHit} AND ${rest}))`;
}
