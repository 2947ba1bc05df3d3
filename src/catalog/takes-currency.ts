import { Arg } from "type-graphql";
import type { Context } from "../platform/context";
import { CurrencyCode } from "../platform/scalars";

/** The argument of prices: left out or null, the shop's own currency. */
export type CurrencyArg = { currency?: string | null };

/**
 * Declares the argument `currency` of a field that rows answer themselves, as a function of (args, ctx). A list of 20 products calls
 * it some 40 times, and graphql-js calls a row's function directly where a resolver class costs a promise each time.
 */
export const takesCurrency = (prototype: object, field: string) =>
  Arg("currency", () => CurrencyCode, { nullable: true })(prototype, field, 0);

/** The one of these in the currency asked for. */
export const inCurrency = <Priced extends { currency: string }>(
  priced: readonly Priced[] | undefined,
  { currency }: CurrencyArg,
  ctx: Context,
) => {
  const wanted = currency ?? ctx.config.shop.currencies[0];
  return priced?.find((one) => one.currency === wanted);
};
