import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, FieldResolver, ID, Info, Int, Query, Resolver, Root } from "type-graphql";
import type { Context } from "../platform/context";
import { TypicalSize } from "../platform/cost/typical-size";
import { parseId } from "../platform/ids";
import { selectedNames } from "../platform/selected-names";
import { Collection, CollectionConnection } from "./collection.types";
import type { CollectionRow } from "./collection-row";
import { listCollectionProducts } from "./list-collection-products";
import { listCollections } from "./list-collections";
import { loadChildren, loadCollection, readCollection } from "./load-collections";
import { ProductConnection, ProductSort } from "./product.types";
import { readHandle } from "./read-handle";

@Resolver(() => Collection)
export class CollectionResolver {
  @Query(() => Collection, { nullable: true })
  collection(@Arg("id", () => ID) id: string, @Ctx() ctx: Context) {
    return readCollection(ctx, { uuid: parseId("coll", id) });
  }

  @Query(() => Collection, { nullable: true })
  collectionByHandle(@Arg("handle", () => String) handle: string, @Ctx() ctx: Context) {
    const known = readHandle(handle);
    return known === null ? null : readCollection(ctx, { handle: known });
  }

  @Query(() => CollectionConnection, {
    description:
      "Those right below parentId, by title; without parentId all collections, whatever their place in the tree",
  })
  collections(
    @Arg("first", () => Int, { nullable: true, defaultValue: 20 }) first: number | null | undefined,
    @Arg("after", () => String, { nullable: true }) after: string | null | undefined,
    @Arg("parentId", () => ID, { nullable: true }) parentId: string | null | undefined,
    @Ctx() ctx: Context,
  ) {
    return listCollections(
      ctx,
      { first, after },
      parentId == null ? null : parseId("coll", parentId, "parentId"),
    );
  }

  @FieldResolver(() => Collection, { nullable: true })
  parent(@Root() collection: CollectionRow, @Ctx() ctx: Context) {
    return collection.parentUuid === null ? null : loadCollection(ctx, collection.parentUuid);
  }

  @TypicalSize(5)
  @FieldResolver(() => [Collection])
  children(@Root() collection: CollectionRow, @Ctx() ctx: Context) {
    return loadChildren(ctx, collection.uuid);
  }

  @FieldResolver(() => ProductConnection, { description: "Of this collection and all below it" })
  products(
    @Root() collection: CollectionRow,
    @Arg("first", () => Int, { nullable: true, defaultValue: 20 }) first: number | null | undefined,
    @Arg("after", () => String, { nullable: true }) after: string | null | undefined,
    @Arg("sort", () => ProductSort, { nullable: true, defaultValue: "TITLE" }) sort:
      | ProductSort
      | null
      | undefined,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return listCollectionProducts(
      ctx,
      collection.uuid,
      { first, after, sort: sort ?? "TITLE" },
      selectedNames(info),
    );
  }
}
