import { Prisma } from "../../generated/prisma/client";

/** One end of the asked prices, as rows of search_bits (block, bits): the round ranges that lie within, and the one that it cuts, if any. */
type End = { whole: Prisma.Sql; cut: Prisma.Sql; condition: Prisma.Sql };

const NOTHING = Prisma.sql`B'0'::bit(16384)`;

/**
 * The bits of products that cost something from `least` to `most` minor units, both included; null is no end. A product costs from its cheapest
 * to its dearest variant: it is in a range that this touches. Round ranges that lie within are taken whole; of those that an end cuts, the prices of
 * what was found (CTE `found`) and is not beyond the other end are looked at one by one, once for both ends.
 */
export function priceBits(
  currency: string,
  least: bigint | null | undefined,
  most: bigint | null | undefined,
): Prisma.Sql {
  const ends = [
    ...(least == null ? [] : [atLeast(currency, least < 0n ? 0n : least)]),
    ...(most == null ? [] : [atMost(currency, most < 0n ? -1n : most)]),
  ];
  const sets = ends.flatMap(({ whole, cut }, end) => [
    Prisma.sql`SELECT ${end}::int AS of_end, false AS is_cut, block, bit_or(bits) AS bits FROM (${whole}) AS w GROUP BY block`,
    Prisma.sql`SELECT ${end}::int, true, block, bits FROM (${cut}) AS c`,
  ]);
  return Prisma.sql`
    WITH by_end AS MATERIALIZED (
      SELECT of_end, block, coalesce(bit_or(bits) FILTER (WHERE NOT is_cut), ${NOTHING}) AS sure, bit_or(bits) AS perhaps
      FROM (${Prisma.join(sets, " UNION ALL ")}) AS s GROUP BY 1, 2
    ), of_ends AS MATERIALIZED (
      SELECT block, bit_and(sure) AS sure, bit_and(perhaps) & ~bit_and(sure) AS unsure FROM by_end GROUP BY 1 HAVING count(*) = ${ends.length}::int
    )
    SELECT block, sure AS bits FROM of_ends
    UNION ALL SELECT u.block, bits_of(array_agg((d.ordinal % 16384)::smallint)) FROM (
      SELECT e.block, e.unsure & f.bits AS bits FROM of_ends e JOIN found f ON f.block = e.block OFFSET 0
    ) u CROSS JOIN LATERAL sparse_ordinals(u.block, u.bits) AS o (ordinal)
    CROSS JOIN LATERAL (SELECT * FROM search_documents WHERE ordinal = o.ordinal OFFSET 0) d
    CROSS JOIN LATERAL (SELECT * FROM product_price_ranges WHERE product_id = d.product_id AND currency = ${currency}::char(3) OFFSET 0) r
    WHERE ${Prisma.join(
      ends.map(({ condition }) => condition),
      " AND ",
    )} GROUP BY 1`;
}

/** Products whose dearest variant costs at least so much. */
function atLeast(currency: string, amount: bigint): End {
  const cut = Prisma.sql`cut.least < ${amount}::bigint`;
  const past = Prisma.sql`${`high:${currency};`}::text`;
  return {
    whole: within(
      amount,
      Prisma.sql`b.key >= price_key('high', ${currency}::text, cut.most + (${cut})::int) AND b.key < ${past}`,
    ),
    cut: within(amount, Prisma.sql`${cut} AND b.key = price_key('high', ${currency}::text, cut.most)`),
    condition: Prisma.sql`r.max_amount >= ${amount}::bigint`,
  };
}

/** Products whose cheapest variant costs at most so much. */
function atMost(currency: string, amount: bigint): End {
  const cut = Prisma.sql`cut.most > ${amount}::bigint`;
  const start = Prisma.sql`${`low:${currency}:`}::text`;
  return {
    whole: within(
      amount,
      Prisma.sql`b.key >= ${start} AND b.key < price_key('low', ${currency}::text, cut.least + (NOT ${cut})::int)`,
    ),
    cut: within(amount, Prisma.sql`${cut} AND b.key = price_key('low', ${currency}::text, cut.least)`),
    condition: Prisma.sql`r.min_amount <= ${amount}::bigint`,
  };
}

/** Bits of ranges, which `keys` (over alias `b`) chooses by the range `cut` that the amount lies in. */
const within = (amount: bigint, keys: Prisma.Sql) =>
  Prisma.sql`SELECT b.block, b.bits FROM price_range_of(${amount}::bigint) AS cut JOIN search_bits b ON ${keys}`;

/** The bits of what has a price in the currency. */
export const anyPrice = (currency: string) =>
  Prisma.sql`SELECT block, bits FROM search_bits WHERE key >= ${`low:${currency}:`}::text AND key < ${`low:${currency};`}::text`;
