import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Variant } from "./product.types";
import { CatalogError } from "./save-product.types";

@InputType({
  description: "Sets the count; with changeFrom only if that is the count now, else CHANGED_MEANWHILE",
})
export class SetStockInput {
  @Field(() => ID)
  variantId!: string;
  @Field(() => Int)
  quantity!: number;
  @Field(() => Int, { nullable: true })
  changeFrom?: number | null;
}

@InputType()
export class AdjustStockInput {
  @Field(() => ID)
  variantId!: string;
  @Field(() => Int)
  delta!: number;
  @Field(() => String, { nullable: true })
  reason?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class StockPayload {
  @Field(() => Variant, { nullable: true })
  variant?: Variant | null;
  @Field(() => [CatalogError])
  userErrors!: CatalogError[];
}
