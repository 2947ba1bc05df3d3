import { Prisma } from "../../generated/prisma/client";

const NOTHING = Prisma.sql`B'0'::bit(16384)`;
/** Up to so many found products a block, prices are looked at one by one: quicker than uniting the ranges of all blocks. */
const FEW_IN_BLOCK = 5;

/**
 * The bits of products that cost something from `least` to `most` minor units, both included; null is no end. A product costs from its cheapest
 * to its dearest variant. Those are whose cheapest is not beyond `most`, but for whose dearest does not come up to `least`: few rows are read, where
 * a low price is asked for. Round ranges are taken whole; of those that an end cuts, the prices of what was found (CTE `found`) and is in question
 * are looked at one by one, once for both ends. Where little was found, no range is read: of all that was found the prices are looked at.
 */
export function priceBits(
  currency: string,
  least: bigint | null | undefined,
  most: bigint | null | undefined,
): Prisma.Sql {
  const sets = [
    most == null
      ? Prisma.sql`SELECT true AS fits, false AS is_cut, block, bits FROM (${anyPrice(currency)}) AS priced`
      : cheapestUpTo(currency, most < 0n ? -1n : most),
    ...(least == null ? [] : [dearestBelow(currency, least < 0n ? 0n : least)]),
  ];
  const conditions = [
    ...(least == null ? [] : [Prisma.sql`r.max_amount >= ${least}::bigint`]),
    ...(most == null ? [] : [Prisma.sql`r.min_amount <= ${most}::bigint`]),
  ];
  return Prisma.sql`
    WITH few AS (SELECT coalesce(sum(bit_count(bits)), 0) <= ${FEW_IN_BLOCK}::int * count(*) AS few FROM found), of_block AS (
      SELECT block, coalesce(bit_or(bits) FILTER (WHERE fits AND NOT is_cut), ${NOTHING}) AS fit, coalesce(bit_or(bits) FILTER (WHERE fits AND is_cut), ${NOTHING}) AS may_fit,
        coalesce(bit_or(bits) FILTER (WHERE NOT fits AND NOT is_cut), ${NOTHING}) AS fall_out, coalesce(bit_or(bits) FILTER (WHERE NOT fits AND is_cut), ${NOTHING}) AS may_fall_out
      FROM (${Prisma.join(sets, " UNION ALL ")}) AS s WHERE NOT (SELECT few FROM few) GROUP BY 1
    ), sure_of AS MATERIALIZED (
      SELECT block, fit & ~(fall_out | may_fall_out) AS sure, (fit | may_fit) & ~fall_out AS perhaps FROM (SELECT * FROM of_block OFFSET 0) AS o
    )
    SELECT block, sure AS bits FROM sure_of
    UNION ALL SELECT u.block, bits_of(array_agg((d.ordinal % 16384)::smallint)) FROM (
      SELECT * FROM (SELECT e.block, e.perhaps & ~e.sure & f.bits AS bits FROM sure_of e JOIN found f ON f.block = e.block OFFSET 0) AS cut
      UNION ALL SELECT block, bits FROM found WHERE (SELECT few FROM few)
    ) u CROSS JOIN LATERAL sparse_ordinals(u.block, u.bits) AS o (ordinal)
    CROSS JOIN LATERAL (SELECT * FROM search_facets WHERE ordinal = o.ordinal OFFSET 0) d
    CROSS JOIN LATERAL (SELECT * FROM product_price_ranges WHERE product_id = d.product_id AND currency = ${currency}::char(3) OFFSET 0) r
    WHERE ${Prisma.join(conditions, " AND ")} GROUP BY 1`;
}

/** Rows (fits, is_cut, block, bits) of round ranges up to the one that `amount` lies in, which it cuts unless it ends there: by the cheapest variant. */
const cheapestUpTo = (currency: string, amount: bigint) => Prisma.sql`
  SELECT true AS fits, cut AND b.key = last AS is_cut, b.block, b.bits
  FROM (SELECT price_key('low', ${currency}::text, r.least) AS last, r.most > ${amount}::bigint AS cut FROM price_range_of(${amount}::bigint) AS r OFFSET 0) AS bound
  JOIN search_bits b ON b.key >= ${`low:${currency}:`}::text AND b.key <= last`;

/** As cheapestUpTo, by the dearest variant, of those below `amount`. */
const dearestBelow = (currency: string, amount: bigint) => Prisma.sql`
  SELECT false AS fits, b.key = last AS is_cut, b.block, b.bits
  FROM (SELECT price_key('high', ${currency}::text, r.most) AS last, r.least < ${amount}::bigint AS cut FROM price_range_of(${amount}::bigint) AS r OFFSET 0) AS bound
  JOIN search_bits b ON b.key >= ${`high:${currency}:`}::text AND b.key <= last WHERE cut OR b.key < last`;

/** The bits of what has a price in the currency. */
export const anyPrice = (currency: string) =>
  Prisma.sql`SELECT block, bits FROM search_bits WHERE key >= ${`low:${currency}:`}::text AND key < ${`low:${currency};`}::text`;
