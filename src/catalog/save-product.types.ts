import { Field, ID, InputType, Int, ObjectType, registerEnumType } from "type-graphql";
import { ProductStatus } from "../generated/prisma/enums";
import { MoneyInput, UserError } from "../platform/types";
import { codes } from "./catalog.refusals";
import { Product } from "./product.types";

registerEnumType(codes, { name: "CatalogErrorCode" });

@ObjectType({ implements: UserError, simpleResolvers: true })
export class CatalogError extends UserError {
  @Field(() => codes)
  code!: keyof typeof codes;
}

@InputType()
export class ImageInput {
  @Field(() => String)
  url!: string;
  @Field(() => String, { nullable: true })
  altText?: string | null;
}

@InputType()
export class ProductOptionInput {
  @Field(() => String)
  name!: string;
  @Field(() => [String])
  values!: string[];
}

@InputType()
export class SelectedOptionInput {
  @Field(() => String)
  name!: string;
  @Field(() => String)
  value!: string;
}

@InputType()
export class VariantInput {
  @Field(() => ID, { nullable: true })
  id?: string | null;
  @Field(() => String, { nullable: true })
  sku?: string | null;
  @Field(() => [SelectedOptionInput], { nullable: true })
  selectedOptions?: SelectedOptionInput[] | null;
  @Field(() => MoneyInput)
  price!: MoneyInput;
  @Field(() => MoneyInput, { nullable: true })
  compareAtPrice?: MoneyInput | null;
  @Field(() => Int, { nullable: true, description: "What can be sold, see Variant.stock" })
  stock?: number | null;
  @Field(() => Boolean, { nullable: true })
  inventoryTracked?: boolean | null;
  @Field(() => Boolean, { nullable: true })
  sellBeyondStock?: boolean | null;
  @Field(() => String, { nullable: true })
  imageUrl?: string | null;
}

@InputType({
  description:
    "An upsert by id or handle. `variants` replaces the list: matched by id, then SKU, then options; the missing ones are archived",
})
export class SaveProductInput {
  @Field(() => ID, { nullable: true })
  id?: string | null;
  @Field(() => String, { nullable: true })
  handle?: string | null;
  @Field(() => Int, { nullable: true })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true })
  title?: string | null;
  @Field(() => String, { nullable: true })
  descriptionHtml?: string | null;
  @Field(() => String, { nullable: true })
  vendor?: string | null;
  @Field(() => String, { nullable: true })
  productType?: string | null;
  @Field(() => [String], { nullable: true })
  tags?: string[] | null;
  @Field(() => ProductStatus, { nullable: true })
  status?: ProductStatus | null;
  @Field(() => [ImageInput], { nullable: true })
  images?: ImageInput[] | null;
  @Field(() => [ProductOptionInput], { nullable: true })
  options?: ProductOptionInput[] | null;
  @Field(() => [VariantInput], { nullable: true })
  variants?: VariantInput[] | null;
  @Field(() => [ID], { nullable: true })
  collectionIds?: string[] | null;
}

@ObjectType({ simpleResolvers: true })
export class ProductPayload {
  @Field(() => Product, { nullable: true })
  product?: Product | null;
  @Field(() => [CatalogError])
  userErrors!: CatalogError[];
}
