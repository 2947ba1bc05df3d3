import { Prisma } from "../../generated/prisma/client";
import type { Context } from "../../platform/context";
import { filterCurrency, type ProductCondition, tagProductConditions } from "../product-filter";
import { queriesOf } from "./parse-query";
import { priceBuckets } from "./price-buckets";
import { found, type Lookup, matches } from "./read-hits";

export type FacetRow = { name: string; values: { value: string; count: number }[] };
type Choice = { facet: string; sql: Prisma.Sql };
type Count = { facet: string; value: string; count: number };

/** Values of one facet that are told, the most frequent first. */
const MOST_VALUES = 50;
/** Option values of all names together. */
const MOST_OPTIONS = 1_000;

/**
 * Counts over all hits in one statement: vendor, productType, tag, option:<name>, price and available. Each facet leaves out the part
 * of the filter that chose from it, so that its other values can still be seen. A product counts once for each of its tags,
 * option values and the price buckets that its prices touch. A facet without values is left out.
 */
export async function readFacets(ctx: Context, { query, filter }: Lookup): Promise<FacetRow[]> {
  const conditions = tagProductConditions(ctx, filter);
  const fixed = conditions.filter(({ facet }) => facet === null).map(({ sql }) => sql);
  const choices = choicesOf(conditions);
  const own = (facet: Prisma.Sql) =>
    choices.length === 0 ? Prisma.sql`true` : Prisma.sql`(missed = '{}' OR missed = ARRAY[${facet}])`;
  const plain = (name: string, column: Prisma.Sql, from = Prisma.empty) => Prisma.sql`
    (SELECT ${name} AS facet, ${column} AS value, count(*)::int AS count FROM hits ${from}
     WHERE ${column} IS NOT NULL AND ${own(Prisma.sql`${name}::text`)} GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT ${MOST_VALUES}::int)`;

  const [row] = await ctx.db.$queryRaw<{ counts: Count[] | null }[]>`
    WITH ${query.everything ? Prisma.empty : Prisma.sql`${queriesOf(query)},`} hits AS MATERIALIZED (
      SELECT p.vendor, p.product_type, p.tags, p.available, s.options, r.min_amount, r.max_amount, ${missedOf(choices)} AS missed
      FROM ${found(query)}
      LEFT JOIN product_price_ranges r ON r.product_id = p.id AND r.currency = ${filterCurrency(ctx, filter)}::char(3)
      WHERE ${Prisma.join([...matches(query), ...fixed], " AND ")}
    ), ${priceBuckets(own(Prisma.sql`'price'`))}
    SELECT json_agg(row_to_json(counted)) AS counts FROM (
    ${plain("vendor", Prisma.sql`vendor`)}
    UNION ALL ${plain("productType", Prisma.sql`product_type`)}
    UNION ALL ${plain("tag", Prisma.sql`tag`, Prisma.sql`, unnest(tags) AS tag`)}
    UNION ALL ${plain("available", Prisma.sql`available::text`)}
    UNION ALL (SELECT 'option', pair, count(*)::int FROM hits, unnest(options) AS pair
      WHERE ${own(Prisma.sql`'option:' || split_part(pair, '=', 1)`)} GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT ${MOST_OPTIONS}::int)
    UNION ALL SELECT 'price', least || '-' || most, count FROM price_buckets WHERE count > 0) counted`;
  return toFacets(row?.counts ?? []);
}

/** The filter's parts that choose from a facet, one for each facet. */
function choicesOf(conditions: ProductCondition[]): Choice[] {
  const byFacet = new Map<string, Prisma.Sql>();
  for (const { facet, sql } of conditions) {
    if (facet === null) continue;
    const before = byFacet.get(facet);
    byFacet.set(facet, before ? Prisma.sql`${before} AND ${sql}` : sql);
  }
  return [...byFacet].map(([facet, sql]) => ({ facet, sql }));
}

/** Names of the facets whose choice a product misses: who misses one still counts for that one, who misses two for none. */
const missedOf = (choices: Choice[]) =>
  choices.length === 0
    ? Prisma.sql`'{}'::text[]`
    : Prisma.sql`array_remove(ARRAY[${Prisma.join(
        choices.map(({ facet, sql }) => Prisma.sql`CASE WHEN ${sql} THEN NULL ELSE ${facet}::text END`),
      )}], NULL)`;

function toFacets(counts: Count[]): FacetRow[] {
  const facets = new Map<string, FacetRow["values"]>();
  for (const { facet, value, count } of counts) {
    const cut = value.indexOf("=");
    const [name, shown] =
      facet === "option" ? [`option:${value.slice(0, cut)}`, value.slice(cut + 1)] : [facet, value];
    const values = facets.get(name) ?? [];
    if (values.length < MOST_VALUES) values.push({ value: shown, count });
    facets.set(name, values);
  }
  return [...facets].map(([name, values]) => ({ name, values }));
}
