import { Field, ID, InputType, ObjectType } from "type-graphql";
import { Collection } from "./collection.types";
import { CatalogError } from "./save-product.types";

@InputType()
export class SaveCollectionInput {
  @Field(() => ID, { nullable: true })
  id?: string | null;
  @Field(() => String, { nullable: true })
  handle?: string | null;
  @Field(() => String, { nullable: true })
  title?: string | null;
  @Field(() => String, { nullable: true })
  descriptionHtml?: string | null;
  @Field(() => ID, { nullable: true })
  parentId?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class CollectionPayload {
  @Field(() => Collection, { nullable: true })
  collection?: Collection | null;
  @Field(() => [CatalogError])
  userErrors!: CatalogError[];
}
