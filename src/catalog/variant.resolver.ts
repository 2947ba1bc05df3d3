import { Arg, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { Context } from "../platform/context";
import { CurrencyCode } from "../platform/scalars";
import { Money, money } from "../platform/types";
import { Variant } from "./product.types";
import type { VariantRow } from "./variant-row";

const description =
  "In the shop's own currency when none is given; null where it has no price in that currency";

@Resolver(() => Variant)
export class VariantResolver {
  @FieldResolver(() => Money, { nullable: true, description })
  price(
    @Root() variant: VariantRow,
    @Arg("currency", () => CurrencyCode, { nullable: true }) currency: string | null | undefined,
    @Ctx() ctx: Context,
  ) {
    const price = priceIn(ctx, variant, currency);
    return price ? money(price.amount, price.currency) : null;
  }

  @FieldResolver(() => Money, { nullable: true })
  compareAtPrice(
    @Root() variant: VariantRow,
    @Arg("currency", () => CurrencyCode, { nullable: true }) currency: string | null | undefined,
    @Ctx() ctx: Context,
  ) {
    const price = priceIn(ctx, variant, currency);
    return price && price.compareAt !== null ? money(price.compareAt, price.currency) : null;
  }
}

function priceIn(ctx: Context, variant: VariantRow, currency: string | null | undefined) {
  const wanted = currency ?? ctx.config.shop.currencies[0];
  return variant.prices.find((price) => price.currency === wanted);
}
