import { Prisma } from "../generated/prisma/client";
import { type Context, isStaff } from "../platform/context";
import { badInput } from "../platform/errors";
import { parseId } from "../platform/ids";
import { isPlainText } from "../platform/text";
import type { OptionFilter, ProductFilter } from "./product-filter.types";

const MOST_VALUES = 100;
const LONGEST_VALUE = 255;

/**
 * The conditions of a filter over alias `p` (products), to be joined with AND; never an empty list. What is absent, null or an
 * empty list doesn't filter. Whoever isn't staff sees ACTIVE products, whatever `status` says.
 * Refused with BAD_USER_INPUT: a malformed collection id, a currency that isn't offered, more than 100 values, malformed text.
 */
export function productConditions(ctx: Context, filter: ProductFilter | null | undefined): Prisma.Sql[] {
  const { collection, vendor, productType, tag, available } = filter ?? {};
  const conditions = [statusCondition(ctx, filter?.status), ...priceCondition(ctx, filter)];
  if (collection != null) conditions.push(inCollection(parseId("coll", collection, "filter.collection")));
  if (vendor?.length) conditions.push(Prisma.sql`p.vendor = ANY(${checkValues(vendor, "vendor")}::text[])`);
  if (productType?.length)
    conditions.push(Prisma.sql`p.product_type = ANY(${checkValues(productType, "productType")}::text[])`);
  if (tag?.length) conditions.push(Prisma.sql`p.tags && ${checkValues(tag, "tag")}::text[]`);
  if (available != null) conditions.push(Prisma.sql`p.available = ${available}::boolean`);
  for (const { name, values } of checkOptions(filter?.options))
    conditions.push(hasOption(values.map((value) => `${name}=${value}`)));
  return conditions;
}

/** The currency of prices in a filter: its own, else the shop's. BAD_USER_INPUT when the shop doesn't offer it. */
export function filterCurrency(ctx: Context, filter: ProductFilter | null | undefined): string {
  const { currencies } = ctx.config.shop;
  const currency = filter?.currency ?? currencies[0] ?? "";
  return currencies.includes(currency)
    ? currency
    : badInput("filter.currency", "Not a currency of this shop.");
}

function statusCondition(ctx: Context, status: ProductFilter["status"]) {
  if (!isStaff(ctx)) return Prisma.sql`p.status = 'ACTIVE'`;
  return status?.length ? Prisma.sql`p.status = ANY(${status}::product_status[])` : Prisma.sql`true`;
}

/** A product costs from its cheapest to its dearest variant: it is in a range that this touches. */
function priceCondition(ctx: Context, filter: ProductFilter | null | undefined): Prisma.Sql[] {
  const currency = filterCurrency(ctx, filter);
  const { minPrice, maxPrice } = filter ?? {};
  if (minPrice == null && maxPrice == null) return [];
  const least = minPrice == null ? Prisma.empty : Prisma.sql`AND r.max_amount >= ${minPrice}::bigint`;
  const most = maxPrice == null ? Prisma.empty : Prisma.sql`AND r.min_amount <= ${maxPrice}::bigint`;
  return [
    Prisma.sql`EXISTS (SELECT FROM product_price_ranges r
      WHERE r.product_id = p.id AND r.currency = ${currency}::char(3) ${least} ${most})`,
  ];
}

/** In the collection or anywhere below it. UNION, not UNION ALL: a loop in the tree would end. */
const inCollection = (uuid: string) => Prisma.sql`p.id IN (
  WITH RECURSIVE tree AS (
    SELECT ${uuid}::uuid AS id UNION SELECT c.id FROM collections c JOIN tree t ON c.parent_id = t.id
  ) SELECT pc.product_id FROM product_collections pc JOIN tree t ON pc.collection_id = t.id)`;

const hasOption = (pairs: string[]) => Prisma.sql`EXISTS (SELECT FROM search_documents d
  WHERE d.product_id = p.id AND d.options && ${pairs}::text[])`;

/** At most 100 plain texts of at most 255 characters, or BAD_USER_INPUT naming the filter's field. */
export function checkValues(given: string[], argument: string): string[] {
  if (given.length > MOST_VALUES) badInput(`filter.${argument}`, `At most ${MOST_VALUES} values.`);
  if (!given.every((value) => isPlainText(value, LONGEST_VALUE)))
    badInput(`filter.${argument}`, `At most ${LONGEST_VALUE} characters, none of them control characters.`);
  return given;
}

/** The options of a filter that choose a value; at most 100, of plain texts, or BAD_USER_INPUT. */
export function checkOptions(given: ProductFilter["options"]): OptionFilter[] {
  if ((given?.length ?? 0) > MOST_VALUES) badInput("filter.options", `At most ${MOST_VALUES}.`);
  for (const { name, values } of given ?? []) {
    checkValues([name], "options");
    checkValues(values, "options");
  }
  return (given ?? []).filter(({ values }) => values.length > 0);
}
