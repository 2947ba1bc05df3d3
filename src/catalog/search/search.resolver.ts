import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, FieldResolver, Info, Int, Query, Resolver, Root } from "type-graphql";
import { readPage, toConnection } from "../../platform/connection";
import type { Context } from "../../platform/context";
import { badInput } from "../../platform/errors";
import { Collection } from "../collection.types";
import { loadCollection } from "../load-collections";
import { findProduct } from "../load-products";
import { Product } from "../product.types";
import { ProductFilter } from "../product-filter.types";
import { selectedNames } from "../selected-names";
import { readFacets } from "./read-facets";
import { countHits } from "./read-hits";
import type { SuggestionRow } from "./read-suggestions";
import { SearchConnection, SearchSort, Suggestion } from "./search.types";
import { searchProducts } from "./search-products";
import { suggest } from "./suggest";

@Resolver()
export class SearchResolver {
  @Query(() => SearchConnection, { description: "Full text with typo tolerance" })
  async search(
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg("query", () => String) query: string,
    @Arg("first", () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg("after", () => String, { nullable: true }) after: string | null | undefined,
    @Arg("filter", () => ProductFilter, { nullable: true }) filter: ProductFilter | null | undefined,
    @Arg("sort", () => SearchSort, { nullable: true, defaultValue: "RELEVANCE" }) asked: SearchSort | null,
  ) {
    const sort = asked ?? "RELEVANCE";
    const page = readPage({ first, after }, ["string", "number", "string"]);
    if (page.cursor && page.cursor[0] !== sort) badInput("after", "A cursor of another sort.");
    const found = await searchProducts(ctx, { query, filter, sort, page, names: selectedNames(info) });
    const { edges, nodes, pageInfo, totalCount } = toConnection(
      found.hits,
      page,
      ({ key, product }) => [sort, key, product.uuid],
      async () => found.total ?? countHits(ctx, found.lookup, sort),
    );
    return {
      edges: edges.map(({ cursor, node }) => ({ cursor, node: node.product })),
      nodes: nodes.map(({ product }) => product),
      pageInfo,
      totalCount,
      facets: () => readFacets(ctx, found.lookup),
      correctedQuery: found.correctedQuery,
    };
  }

  @Query(() => [Suggestion], { description: "Autocomplete" })
  suggestions(
    @Ctx() ctx: Context,
    @Arg("prefix", () => String) prefix: string,
    @Arg("first", () => Int, { nullable: true, defaultValue: 8 }) first: number | null,
  ) {
    return suggest(ctx, prefix, first ?? 8);
  }
}

@Resolver(() => Suggestion)
export class SuggestionResolver {
  @FieldResolver(() => Product, { nullable: true })
  product(@Root() { kind, uuid }: SuggestionRow, @Ctx() ctx: Context) {
    return kind === "product" && uuid ? findProduct(ctx, uuid) : null;
  }

  @FieldResolver(() => Collection, { nullable: true })
  collection(@Root() { kind, uuid }: SuggestionRow, @Ctx() ctx: Context) {
    return kind === "collection" && uuid ? loadCollection(ctx, uuid) : null;
  }
}
