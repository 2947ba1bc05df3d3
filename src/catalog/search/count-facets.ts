import { Prisma } from "../../generated/prisma/client";
import { type AmountCount, priceRanges } from "./price-ranges";

export type FacetRow = { name: string; values: { value: string; count: number }[] };
/** `key` is "facet:value", of options "option:name=value"; of low, high and their exact ones it ends in the amount. */
export type Count = { facet: string; key: string; count: number };

/** Values of one facet that are told, the most frequent first. */
const MOST_VALUES = 50;
/** Option values of all names together. */
const MOST_OPTIONS = 1_000;
/** As many prices are looked at one by one; of more, round ranges are counted. */
const FEW_PRICES = 200;
/** Up to so many hits a block, the hits' own keys are counted: quicker than looking into all bits of each value. */
const FEW_IN_BLOCK = 10;
const PLAIN = ["vendor", "productType", "tag", "available"];

/**
 * CTEs that end in `counts` (facet, key, count) over `hits` (skip, block, bits). Each facet leaves out what the filter chose from it, so
 * that its other values can still be seen: `skips` tells which hits are its own.
 */
export function countFacets(skips: Map<string, number>, currency: string): Prisma.Sql {
  const own = (facet: string) => skips.get(facet) ?? 0;
  const chosen = [...skips.keys()].filter((facet) => facet.startsWith("option:"));
  const ranges = [
    ...PLAIN.map((facet) => [facet, `${facet}:`, `${facet};`, own(facet)] as const),
    ["option", "option:", "option;", 0] as const,
    ...chosen.map((facet) => [facet, `${facet}=`, `${facet}>`, own(facet)] as const),
    ...["low", "high"].map(
      (kind) => [kind, `${kind}:${currency}:`, `${kind}:${currency};`, own("price")] as const,
    ),
  ];
  const rows = ranges.map(
    ([facet, start, past, skip]) => Prisma.sql`(${facet}::text, ${start}::text, ${past}::text, ${skip}::int)`,
  );
  return Prisma.sql`
    ranges (facet, start, past, skip) AS MATERIALIZED (VALUES ${Prisma.join(rows)}),
    few AS MATERIALIZED (SELECT coalesce(sum(bit_count(bits)), 0) <= ${FEW_IN_BLOCK}::int * count(*) AS few FROM hits),
    few_keys AS MATERIALIZED (
      SELECT h.skip, k.key COLLATE "C" AS key, count(*)::int AS count
      FROM hits h CROSS JOIN LATERAL search_ordinals(h.block, h.bits, 16384) AS o (ordinal)
      JOIN search_documents d ON d.ordinal = o.ordinal CROSS JOIN LATERAL unnest(d.keys) AS k (key)
      WHERE (SELECT few FROM few) AND substr(k.key, 2, 1) <> ':' GROUP BY 1, 2
    ), counted AS (
      SELECT w.facet, b.key, sum(bit_count(b.bits & h.bits))::int AS count
      FROM ranges w JOIN search_bits b ON b.key >= w.start AND b.key < w.past JOIN hits h ON h.block = b.block AND h.skip = w.skip
      WHERE NOT (SELECT few FROM few) GROUP BY 1, 2
      UNION ALL SELECT w.facet, k.key, k.count FROM few_keys k JOIN ranges w ON w.skip = k.skip AND k.key >= w.start AND k.key < w.past
    ), placed AS (
      SELECT *, row_number() OVER (PARTITION BY facet, CASE facet WHEN 'option' THEN split_part(key, '=', 1) END ORDER BY count DESC, key) AS place,
        row_number() OVER (PARTITION BY facet ORDER BY count DESC, key) AS place_of_all FROM counted WHERE count > 0
    ), ${fewPrices(own("price"), currency)}, counts AS (
      SELECT facet, key, count FROM placed WHERE facet IN ('low', 'high') OR place <= ${MOST_VALUES}::int AND place_of_all <= ${MOST_OPTIONS}::int
      UNION ALL SELECT 'exactLow', price_key('low', ${currency}::text, min_amount), count(*)::int FROM few_prices GROUP BY min_amount
      UNION ALL SELECT 'exactHigh', price_key('high', ${currency}::text, max_amount), count(*)::int FROM few_prices GROUP BY max_amount
    )`;
}

const fewPrices = (skip: number, currency: string) => Prisma.sql`few_prices AS MATERIALIZED (
  SELECT r.min_amount, r.max_amount FROM hits h CROSS JOIN LATERAL search_ordinals(h.block, h.bits, ${FEW_PRICES}::int) AS o (ordinal)
  JOIN search_documents d ON d.ordinal = o.ordinal
  JOIN product_price_ranges r ON r.product_id = d.product_id AND r.currency = ${currency}::char(3)
  WHERE h.skip = ${skip}::int AND (SELECT sum(bit_count(bits)) FROM hits WHERE skip = ${skip}::int) <= ${FEW_PRICES}::int)`;

/** Facets as GraphQL tells them: vendor, productType, tag, available, option:<name>, price. One without values is left out. */
export function toFacets(counts: readonly Count[], skips: Map<string, number>): FacetRow[] {
  const facets = new Map<string, FacetRow["values"]>();
  const rows = counts.toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
  for (const { facet, key, count } of rows) {
    const [name, value] = nameAndValue(facet, key);
    if (name === null || (facet === "option" && skips.has(name))) continue;
    facets.set(name, [...(facets.get(name) ?? []), { value, count }]);
  }
  const amounts = (kind: string): AmountCount[] =>
    rows.flatMap(({ facet, key, count }) =>
      facet === kind ? [{ amount: Number(key.slice(key.lastIndexOf(":") + 1)), count }] : [],
    );
  const few = amounts("exactLow").length > 0;
  const prices = few
    ? priceRanges(amounts("exactLow"), amounts("exactHigh"))
    : priceRanges(amounts("low"), amounts("high"));
  if (prices.length > 0)
    facets.set(
      "price",
      prices.map(({ least, most, count }) => ({ value: `${least}-${most}`, count })),
    );
  return [...facets].map(([name, values]) => ({ name, values }));
}

function nameAndValue(facet: string, key: string): [string | null, string] {
  const start = PLAIN.includes(facet) ? facet.length : facet.startsWith("option") ? key.indexOf("=") : -1;
  return start < 0 ? [null, ""] : [key.slice(0, start), key.slice(start + 1)];
}
