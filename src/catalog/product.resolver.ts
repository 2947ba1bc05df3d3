import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, ID, Info, Int, Query, Resolver } from "type-graphql";
import type { Context } from "../platform/context";
import { parseId } from "../platform/ids";
import { selectedNames } from "../platform/selected-names";
import { listProducts } from "./list-products";
import { Product, ProductConnection, ProductSort } from "./product.types";
import { ProductFilter } from "./product-filter.types";
import { readHandle } from "./read-handle";
import { readProduct } from "./read-products";

@Resolver(() => Product)
export class ProductResolver {
  @Query(() => Product, { nullable: true })
  product(@Arg("id", () => ID) id: string, @Ctx() ctx: Context, @Info() info: GraphQLResolveInfo) {
    return readProduct(ctx, { uuid: parseId("prod", id) }, selectedNames(info));
  }

  @Query(() => Product, { nullable: true })
  productByHandle(
    @Arg("handle", () => String) handle: string,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    const known = readHandle(handle);
    return known === null ? null : readProduct(ctx, { handle: known }, selectedNames(info));
  }

  @Query(() => ProductConnection)
  products(
    @Arg("first", () => Int, { nullable: true }) first: number | null | undefined,
    @Arg("after", () => String, { nullable: true }) after: string | null | undefined,
    @Arg("last", () => Int, { nullable: true }) last: number | null | undefined,
    @Arg("before", () => String, { nullable: true }) before: string | null | undefined,
    @Arg("filter", () => ProductFilter, { nullable: true }) filter: ProductFilter | null | undefined,
    @Arg("sort", () => ProductSort, { nullable: true, defaultValue: "TITLE" }) sort:
      | ProductSort
      | null
      | undefined,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return listProducts(ctx, { first, after, last, before, filter, sort }, selectedNames(info));
  }
}
