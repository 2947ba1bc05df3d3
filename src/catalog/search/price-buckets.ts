import { Prisma } from "../../generated/prisma/client";

/**
 * CTEs that end in `price_buckets` (least, most, count) over `hits` (min_amount, max_amount): up to five ranges of minor units, both
 * ends included, that hold about as many products each and begin at amounts of two digits and zeros (2500, 13000). A range's
 * ends can be given back as minPrice and maxPrice and then find as many products as it counts.
 */
export const priceBuckets = (own: Prisma.Sql): Prisma.Sql => Prisma.sql`
  priced AS MATERIALIZED (SELECT min_amount, max_amount FROM hits WHERE min_amount IS NOT NULL AND ${own}),
  fifths AS (SELECT unnest(percentile_disc(ARRAY[0.2, 0.4, 0.6, 0.8]) WITHIN GROUP (ORDER BY min_amount)) AS amount FROM priced),
  starts AS (
    SELECT min(min_amount) AS start FROM priced
    UNION SELECT amount / unit * unit FROM fifths, LATERAL (SELECT (10 ^ greatest(length(amount::text) - 2, 0))::bigint AS unit) digits
      WHERE amount / unit * unit > (SELECT min(min_amount) FROM priced)
  ),
  ranges AS (
    SELECT start AS least, coalesce(lead(start) OVER (ORDER BY start) - 1, (SELECT max(max_amount) FROM priced)) AS most FROM starts
    WHERE start IS NOT NULL
  ),
  price_buckets AS MATERIALIZED (
    SELECT least, most, (SELECT count(*)::int FROM priced WHERE max_amount >= least AND min_amount <= most) AS count
    FROM ranges ORDER BY least
  )`;
