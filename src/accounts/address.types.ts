import { Field, ID, InputType, ObjectType } from "type-graphql";
import { CountryCode } from "../platform/scalars";
import { Node } from "../platform/types";
import { AccountError } from "./account.types";

@ObjectType({ implements: Node, simpleResolvers: true })
export class Address extends Node {
  uuid!: string;
  accountUuid!: string;
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
  @Field(() => Boolean)
  isDefault!: boolean;
}

@InputType()
export class AddressInput {
  @Field(() => String)
  name!: string;
  @Field(() => String)
  line1!: string;
  @Field(() => String, { nullable: true })
  line2?: string | null;
  @Field(() => String)
  city!: string;
  @Field(() => String, { nullable: true })
  region?: string | null;
  @Field(() => String)
  postalCode!: string;
  @Field(() => CountryCode)
  country!: string;
  @Field(() => String, { nullable: true })
  phone?: string | null;
}

@InputType()
export class SaveAddressInput {
  @Field(() => ID, { nullable: true })
  id?: string | null;
  @Field(() => AddressInput)
  address!: AddressInput;
  @Field(() => Boolean, { nullable: true, defaultValue: false })
  isDefault?: boolean | null;
}

@ObjectType({ simpleResolvers: true })
export class AddressPayload {
  @Field(() => Address, { nullable: true })
  address?: Address | null;
  @Field(() => [AccountError])
  userErrors!: AccountError[];
}
