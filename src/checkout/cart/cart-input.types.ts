import { Field, ID, InputType, Int } from "type-graphql";
import { AddressInput } from "../../accounts";
import { CurrencyCode } from "../../platform/scalars";

@InputType()
export class CartLineInput {
  @Field(() => ID)
  variantId!: string;
  @Field(() => Int, { defaultValue: 1 })
  quantity!: number;
}

@InputType()
export class CreateCartInput {
  @Field(() => [CartLineInput], { nullable: true })
  lines?: CartLineInput[] | null;
  @Field(() => CurrencyCode, { nullable: true })
  currency?: string | null;
  @Field(() => String, { nullable: true })
  email?: string | null;
}

@InputType({ description: "Adds to what is there; the same variant twice is one line" })
export class AddCartLinesInput {
  @Field(() => ID)
  cartId!: string;
  @Field(() => [CartLineInput])
  lines!: CartLineInput[];
}

@InputType()
export class CartLineUpdate {
  @Field(() => ID)
  lineId!: string;
  @Field(() => Int)
  quantity!: number;
}

@InputType({ description: "Sets absolute quantities; 0 removes the line" })
export class UpdateCartLinesInput {
  @Field(() => ID)
  cartId!: string;
  @Field(() => [CartLineUpdate])
  lines!: CartLineUpdate[];
}

@InputType()
export class UpdateCartInput {
  @Field(() => ID)
  cartId!: string;
  @Field(() => String, { nullable: true })
  email?: string | null;
  @Field(() => AddressInput, { nullable: true })
  shippingAddress?: AddressInput | null;
  @Field(() => AddressInput, { nullable: true })
  billingAddress?: AddressInput | null;
  @Field(() => ID, {
    nullable: true,
    description: "An address of the signed-in account, instead of shippingAddress",
  })
  shippingAddressId?: string | null;
  @Field(() => String, { nullable: true })
  deliveryHandle?: string | null;
}
