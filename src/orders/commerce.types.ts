import { Field, ObjectType } from "type-graphql";
import { CountryCode } from "../platform/scalars";
import { Money } from "../platform/types";

/** What carts and orders have in common; rows are platform's PostalAddressData. */
@ObjectType({ simpleResolvers: true })
export class PostalAddress {
  @Field(() => String)
  name!: string;
  @Field(() => String)
  line1!: string;
  @Field(() => String, { nullable: true })
  line2!: string | null;
  @Field(() => String)
  city!: string;
  @Field(() => String, { nullable: true })
  region!: string | null;
  @Field(() => String)
  postalCode!: string;
  @Field(() => CountryCode)
  country!: string;
  @Field(() => String, { nullable: true })
  phone!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class DeliveryOption {
  @Field(() => String)
  handle!: string;
  @Field(() => String)
  title!: string;
  @Field(() => Money)
  price!: Money;
}

@ObjectType({
  simpleResolvers: true,
  description: "total = subtotal − discount + shipping, and + tax unless taxIncluded",
})
export class Totals {
  @Field(() => Money)
  subtotal!: Money;
  @Field(() => Money)
  discount!: Money;
  @Field(() => Money)
  shipping!: Money;
  @Field(() => Money)
  tax!: Money;
  @Field(() => Boolean)
  taxIncluded!: boolean;
  @Field(() => Money)
  total!: Money;
}
