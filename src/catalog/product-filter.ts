import { Prisma } from "../generated/prisma/client";
import { type Context, isStaff } from "../platform/context";
import { badInput } from "../platform/errors";
import { isPlainText } from "../platform/text";
import type { OptionFilter, ProductFilter } from "./product-filter.types";

const MOST_VALUES = 100;
const LONGEST_VALUE = 255;

/** Whether a filter asks for more than a status. */
export const isNarrow = ({ currency: _, status: __, ...rest }: ProductFilter) =>
  Object.values(rest).some((asked) => asked != null && !(Array.isArray(asked) && asked.length === 0));

/** The currency of prices in a filter: its own, else the shop's. BAD_USER_INPUT when the shop doesn't offer it. */
export function filterCurrency(ctx: Context, filter: ProductFilter | null | undefined): string {
  const { currencies } = ctx.config.shop;
  const currency = filter?.currency ?? currencies[0] ?? "";
  return currencies.includes(currency)
    ? currency
    : badInput("filter.currency", "Not a currency of this shop.");
}

/** Over alias `p`, which has a status. Whoever isn't staff sees ACTIVE products, whatever the filter says. */
export function statusCondition(ctx: Context, filter: ProductFilter | null | undefined): Prisma.Sql {
  if (!isStaff(ctx)) return Prisma.sql`p.status = 'ACTIVE'`;
  const status = filter?.status;
  return status?.length ? Prisma.sql`p.status = ANY(${status}::product_status[])` : Prisma.sql`true`;
}

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
