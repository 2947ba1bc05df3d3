import { Field, ObjectType } from "type-graphql";
import { connectionTypes } from "../platform/connection.types";
import { Node } from "../platform/types";

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

export const CollectionConnection = connectionTypes("Collection", () => Collection);
