import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, Info, Int, Query, Resolver } from "type-graphql";
import { readPage, toConnection } from "../../platform/connection";
import type { Context } from "../../platform/context";
import { badInput } from "../../platform/errors";
import { selectedNames } from "../../platform/selected-names";
import { loadCollection } from "../load-collections";
import { ProductFilter } from "../product-filter.types";
import { readProducts } from "../read-products";
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
      async () => found.total,
    );
    return {
      edges: edges.map(({ cursor, node }) => ({ cursor, node: node.product })),
      nodes: nodes.map(({ product }) => product),
      pageInfo,
      totalCount,
      facets: found.facets,
      correctedQuery: found.correctedQuery,
    };
  }

  @Query(() => [Suggestion], { description: "Autocomplete" })
  async suggestions(
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
    @Arg("prefix", () => String) prefix: string,
    @Arg("first", () => Int, { nullable: true, defaultValue: 8 }) first: number | null,
  ) {
    const found = await suggest(ctx, prefix, first ?? 8);
    const names = selectedNames(info);
    const uuids = found.flatMap(({ kind, uuid }) => (kind === "product" && uuid ? [uuid] : []));
    const products = names.has("product") ? await readProducts(ctx, uuids, names) : [];
    return found.map(({ kind, text, uuid }) => ({
      text,
      product: products.find((product) => product.uuid === uuid) ?? null,
      collection: () => (kind === "collection" && uuid ? loadCollection(ctx, uuid) : null),
    }));
  }
}
