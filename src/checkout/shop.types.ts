import { Field, ObjectType } from "type-graphql";
import { TypicalSize } from "../platform/cost/typical-size";
import { CountryCode, CurrencyCode } from "../platform/scalars";

@ObjectType({
  simpleResolvers: true,
  description: "The first is the default; publishableKey is what a client needs for CLIENT_CONFIRM",
})
export class PaymentProvider {
  @Field(() => String)
  handle!: string;
  @Field(() => String, { nullable: true })
  publishableKey!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class Shop {
  @Field(() => String)
  name!: string;
  @Field(() => [CurrencyCode], { description: "The first is the shop's own" })
  currencies!: string[];
  @Field(() => [CountryCode])
  countries!: () => Promise<string[]>;
  @TypicalSize(2)
  @Field(() => [PaymentProvider])
  paymentProviders!: PaymentProvider[];
  @Field(() => String)
  version!: string;
}
