import { Prisma } from "../../generated/prisma/client";
import { ProductStatus } from "../../generated/prisma/enums";
import { type Context, isStaff } from "../../platform/context";
import { parseId } from "../../platform/ids";
import { checkOptions, checkValues, filterCurrency } from "../product-filter";
import type { ProductFilter } from "../product-filter.types";
import { anyPrice, priceBits } from "./match-prices";

/** One list of a filter: products under any of its keys. `facet` names the one that it chooses from. */
type Choice = { facet: string | null; keys: string[] };
/** A condition as rows of bits; `facet` is a number from 1 on, 0 for those that every facet follows. */
type Part = { facet: number; bits: Prisma.Sql };

export type SearchFilter = {
  /** CTEs that end in `allowed` (skip, block, bits): what the filter lets through, and for each facet that it chooses from what it would without */
  sql: Prisma.Sql;
  /** `skip` of the facets that the filter chooses from; 0 is the whole filter */
  skips: Map<string, number>;
};

/**
 * A filter as bits. What is absent, null or an empty list doesn't filter. Whoever isn't staff sees ACTIVE products, whatever `status`
 * says. `onlyPriced` leaves out what has no price in the filter's currency. Where a price cuts a range it looks at products of a CTE `found`
 * (matchWords) only. Refused with BAD_USER_INPUT: a malformed collection id, a currency that is not offered, more than 100 values, malformed text.
 */
export function matchFilter(
  ctx: Context,
  filter: ProductFilter | null | undefined,
  onlyPriced: boolean,
): SearchFilter {
  const skips = new Map<string, number>();
  const numberOf = (facet: string | null) => {
    if (facet !== null && !skips.has(facet)) skips.set(facet, skips.size + 1);
    return facet === null ? 0 : (skips.get(facet) ?? 0);
  };
  const parts = choicesOf(ctx, filter).map(
    ({ facet, keys }): Part => ({ facet: numberOf(facet), bits: underAny(keys) }),
  );
  if (filter?.collection != null)
    parts.push({ facet: 0, bits: inCollection(parseId("coll", filter.collection, "filter.collection")) });
  const currency = filterCurrency(ctx, filter);
  if (filter?.minPrice != null || filter?.maxPrice != null)
    parts.push({ facet: numberOf("price"), bits: priceBits(currency, filter.minPrice, filter.maxPrice) });
  if (onlyPriced) parts.push({ facet: 0, bits: anyPrice(currency) });
  return { skips, sql: allowedBy(parts, [0, ...skips.values()]) };
}

function allowedBy(parts: Part[], skips: number[]): Prisma.Sql {
  const rows = parts.map(
    ({ facet, bits }, part) =>
      Prisma.sql`SELECT ${part}::int AS part, ${facet}::int AS facet, block, bit_or(bits) AS bits FROM (${bits}) AS any_of GROUP BY block`,
  );
  const needed = skips.map((skip) => {
    const others = parts.filter(({ facet }) => skip === 0 || facet !== skip);
    return Prisma.sql`(${skip}::int, ${others.length}::int)`;
  });
  return Prisma.sql`
    in_part AS MATERIALIZED (${Prisma.join(rows, " UNION ALL ")}),
    allowed AS MATERIALIZED (
      SELECT skip, block, bit_and(bits) AS bits FROM in_part, (VALUES ${Prisma.join(needed)}) AS s (skip, needed)
      WHERE skip = 0 OR facet <> skip GROUP BY skip, needed, block HAVING count(*) = needed)`;
}

function choicesOf(ctx: Context, filter: ProductFilter | null | undefined): Choice[] {
  const { vendor, productType, tag, available, options } = filter ?? {};
  const statuses = !isStaff(ctx)
    ? [ProductStatus.ACTIVE]
    : filter?.status?.length
      ? filter.status
      : Object.values(ProductStatus);
  const choices: Choice[] = [{ facet: null, keys: statuses.map((status) => `status:${status}`) }];
  const add = (facet: string, values: readonly string[], start = `${facet}:`) => {
    if (values.length > 0) choices.push({ facet, keys: values.map((value) => start + value) });
  };
  add("vendor", checkValues(vendor ?? [], "vendor"));
  add("productType", checkValues(productType ?? [], "productType"));
  add("tag", checkValues(tag ?? [], "tag"));
  add("available", available == null ? [] : [String(available)]);
  for (const { name, values } of checkOptions(options)) add(`option:${name}`, values, `option:${name}=`);
  return choices;
}

const underAny = (keys: string[]) =>
  Prisma.sql`SELECT block, bits FROM search_bits WHERE key = ANY(${keys}::text[])`;

/** In the collection or anywhere below it. UNION, not UNION ALL: a loop in the tree would end. */
const inCollection = (uuid: string) => Prisma.sql`
  WITH RECURSIVE tree AS (
    SELECT ${uuid}::uuid AS id UNION SELECT c.id FROM collections c JOIN tree t ON c.parent_id = t.id
  ) SELECT b.block, b.bits FROM tree JOIN search_bits b ON b.key = 'collection:' || tree.id`;
