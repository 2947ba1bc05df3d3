import { Field, ID, InputType } from "type-graphql";
import { ProductStatus } from "../generated/prisma/enums";
import { CurrencyCode, MinorUnits } from "../platform/scalars";

@InputType()
export class OptionFilter {
  @Field(() => String)
  name!: string;
  @Field(() => [String])
  values!: string[];
}

@InputType()
export class ProductFilter {
  @Field(() => ID, { nullable: true })
  collection?: string | null;
  @Field(() => [String], { nullable: true })
  vendor?: string[] | null;
  @Field(() => [String], { nullable: true })
  productType?: string[] | null;
  @Field(() => [String], { nullable: true })
  tag?: string[] | null;
  @Field(() => CurrencyCode, {
    nullable: true,
    description: "Of minPrice, maxPrice and the price sorts; the shop's own when left out",
  })
  currency?: string | null;
  @Field(() => MinorUnits, { nullable: true })
  minPrice?: bigint | null;
  @Field(() => MinorUnits, { nullable: true })
  maxPrice?: bigint | null;
  @Field(() => Boolean, { nullable: true })
  available?: boolean | null;
  @Field(() => [OptionFilter], {
    nullable: true,
    description: "Option name and accepted values, e.g. Size: S, M",
  })
  options?: OptionFilter[] | null;
  @Field(() => [ProductStatus], { nullable: true, description: "Staff only; everyone else sees ACTIVE" })
  status?: ProductStatus[] | null;
}
