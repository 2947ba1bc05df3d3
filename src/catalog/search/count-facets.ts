import { Prisma } from "../../generated/prisma/client";
import { type AmountCount, priceRanges } from "./price-ranges";

type ValueCount = { value: string; count: number };
export type Facet = { name: string; values: ValueCount[] };
/** Values and how often each is, in the same order: two lists are made and read quicker than pairs. */
export type FacetRow = { name: string; values: string[]; counts: number[] };

/** Values of one facet that are told, the most frequent first. */
const MOST_VALUES = 50;
/** Option values of all names together. */
const MOST_OPTIONS = 1_000;
/** The prices of so many hits are looked at one by one, which costs more than all else of a search for some hundreds; of more, round ranges are counted. */
const FEW_PRICES = 20;
/** Up to so many hits a block, the hits' own keys are counted: quicker than looking into all bits of each value. */
const FEW_IN_BLOCK = 20;
const AMOUNTS = ["low", "high"];
const PLAIN = ["vendor", "productType", "tag", "available"];

/**
 * CTEs that end in `facets` (FacetRow, its lists as JSON) over `hits` (skip, block, bits), the most frequent values first.
 * Names are those of GraphQL, but "option" (its values are "Size=M"), and "low" and "high", which are amounts. Each facet leaves out what
 * the filter chose from it, so that its other values can still be seen: `skips` tells which hits are its own. OFFSET 0: the planner would count
 * once more for the condition that there are any, and read all products' facets for the few. Few keys are grouped by nothing else, and by no
 * comparison of letters: the planner would expect a group for each, and every search with facets would reserve a megabyte for them.
 */
export function countFacets(skips: Map<string, number>, currency: string): Prisma.Sql {
  const own = (facet: string) => skips.get(facet) ?? 0;
  const ranges = [
    ...PLAIN.map((facet) => [facet, `${facet}:`, `${facet};`, own(facet), MOST_VALUES] as const),
    ["option", "option:", "option;", 0, MOST_OPTIONS] as const,
    ...chosenOptions(skips).map(
      (facet) => [facet, `${facet}=`, `${facet}>`, own(facet), MOST_VALUES] as const,
    ),
    ...AMOUNTS.map(
      (kind) => [kind, `${kind}:${currency}:`, `${kind}:${currency};`, own("price"), null] as const,
    ),
  ];
  const rows = ranges.map(
    ([name, start, past, skip, most]) =>
      Prisma.sql`(${name}::text, ${start}::text, ${past}::text, ${skip}::int, ${most}::int)`,
  );
  const counts = [0, ...skips.values()].map(
    (skip) => Prisma.sql`count(*) FILTER (WHERE skip = ${skip}::int)::int`,
  );
  return Prisma.sql`
    sets AS MATERIALIZED (
      SELECT s.skip, array_agg(h.bits ORDER BY n) AS blocks, coalesce(sum(bit_count(h.bits)), 0) AS total,
        coalesce(sum(bit_count(h.bits)), 0) <= ${FEW_IN_BLOCK}::int * count(h.block) AS few
      FROM (SELECT DISTINCT skip FROM hits) s CROSS JOIN generate_series(0, (SELECT max(block) FROM hits)) AS n
      LEFT JOIN hits h ON h.skip = s.skip AND h.block = n GROUP BY 1
    ), few_hits AS MATERIALIZED (
      SELECT s.skip, s.total, d.product_id, d.keys
      FROM sets s JOIN hits h ON h.skip = s.skip CROSS JOIN LATERAL sparse_ordinals(h.block, h.bits) AS o (ordinal)
      CROSS JOIN LATERAL (SELECT * FROM search_facets WHERE ordinal = o.ordinal OFFSET 0) d WHERE s.few
    ), few_keys AS MATERIALIZED (
      SELECT key COLLATE "C" AS key, ARRAY[${Prisma.join(counts)}] AS counts FROM (SELECT skip, unnest(keys) AS key FROM few_hits OFFSET 0) each_key GROUP BY 1
    ), ranges (name, start, past, skip, most) AS (VALUES ${Prisma.join(rows)}
    ), facets AS MATERIALIZED (
      SELECT w.name, v.* FROM ranges w JOIN sets s ON s.skip = w.skip AND (w.most IS NOT NULL OR s.total > ${FEW_PRICES}::int) CROSS JOIN LATERAL (
        SELECT json_agg(substr(key, length(w.start) + 1)) AS values, json_agg(count) AS counts FROM (
          SELECT key, count FROM (
            SELECT b.key, sum(${countWithin(Prisma.sql`s.blocks[b.block + 1]`)})::int AS count
            FROM search_blocks b WHERE NOT s.few AND b.key >= w.start AND b.key < w.past GROUP BY b.key
            UNION ALL SELECT key, counts[w.skip + 1] FROM few_keys WHERE s.few AND key >= w.start AND key < w.past OFFSET 0
          ) counted WHERE count > 0 ORDER BY count DESC, key LIMIT w.most
        ) told
      ) v WHERE v.values IS NOT NULL
      UNION ALL ${exactPrices(own("price"), currency)}
    )`;
}

const chosenOptions = (skips: Map<string, number>) =>
  [...skips.keys()].filter((facet) => facet.startsWith("option:"));

/** How many of a block's hits a row of search_blocks has. */
const countWithin = (hits: Prisma.Sql) => Prisma.sql`CASE WHEN b.dense IS NULL
  THEN (SELECT count(*) FROM unnest(b.places) AS place WHERE get_bit(${hits}, 16383 - place) = 1) ELSE bit_count(b.dense & ${hits}) END`;

/** Rows of `facets`: the amounts of few hits one by one. FEW_PRICES are few in any number of blocks. */
const exactPrices = (skip: number, currency: string) => Prisma.sql`
  (WITH prices AS MATERIALIZED (
    SELECT r.min_amount, r.max_amount FROM few_hits h JOIN product_price_ranges r ON r.product_id = h.product_id AND r.currency = ${currency}::char(3)
    WHERE h.skip = ${skip}::int AND h.total <= ${FEW_PRICES}::int
  ) SELECT 'low', json_agg(min_amount::text), json_agg(1) FROM prices HAVING count(*) > 0
  UNION ALL SELECT 'high', json_agg(max_amount::text), json_agg(1) FROM prices HAVING count(*) > 0)`;

/** Facets as GraphQL tells them: vendor, productType, tag, available, option:<name>, price. One without values is left out. */
export function toFacets(rows: readonly FacetRow[], skips: Map<string, number>): Facet[] {
  const valuesOf = (facet: string) => toValues(rows.find(({ name }) => name === facet));
  const amounts = (kind: string): AmountCount[] =>
    valuesOf(kind).map(({ value, count }) => ({ amount: Number(value), count }));
  const prices = priceRanges(amounts("low"), amounts("high"));
  return [
    ...[...PLAIN, ...chosenOptions(skips)].map((name) => ({ name, values: valuesOf(name) })),
    ...byOption(valuesOf("option")).filter(({ name }) => !skips.has(name)),
    { name: "price", values: prices.map(({ least, most, count }) => ({ value: `${least}-${most}`, count })) },
  ].filter(({ values }) => values.length > 0);
}

const toValues = (row: FacetRow | undefined): ValueCount[] =>
  row ? row.values.map((value, index) => ({ value, count: row.counts[index] ?? 0 })) : [];

/** Values of options, "Size=M", by the option's name. */
function byOption(pairs: ValueCount[]): Facet[] {
  const facets = new Map<string, ValueCount[]>();
  for (const { value: pair, count } of pairs) {
    const at = pair.indexOf("=");
    const name = `option:${pair.slice(0, at)}`;
    const values = facets.get(name) ?? [];
    if (values.length < MOST_VALUES) values.push({ value: pair.slice(at + 1), count });
    facets.set(name, values);
  }
  return [...facets].map(([name, values]) => ({ name, values }));
}
