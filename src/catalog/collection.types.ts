import { Field, Int, ObjectType } from "type-graphql";
import { Node, PageInfo } from "../platform/types";

/** Fields that lead elsewhere are in collection.resolver.ts. */
@ObjectType({ implements: Node, simpleResolvers: true })
export class Collection extends Node {
  @Field(() => String)
  handle!: string;
  @Field(() => String)
  title!: string;
  @Field(() => String)
  descriptionHtml!: string;
}

@ObjectType({ simpleResolvers: true })
export class CollectionEdge {
  @Field(() => String)
  cursor!: string;
  @Field(() => Collection)
  node!: Collection;
}

@ObjectType({ simpleResolvers: true })
export class CollectionConnection {
  @Field(() => [CollectionEdge])
  edges!: CollectionEdge[];
  @Field(() => [Collection])
  nodes!: Collection[];
  @Field(() => PageInfo)
  pageInfo!: PageInfo;
  @Field(() => Int)
  totalCount!: number;
}
