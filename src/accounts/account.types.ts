import { Field, ID, InputType, ObjectType, registerEnumType } from "type-graphql";
import { Role } from "../generated/prisma/enums";
import { DateTime } from "../platform/scalars";
import { Node, UserError } from "../platform/types";
import { AccountErrorCode } from "./accounts.refusals";

registerEnumType(Role, { name: "Role" });
registerEnumType(AccountErrorCode, { name: "AccountErrorCode" });

@ObjectType({ implements: Node, simpleResolvers: true })
export class Account extends Node {
  uuid!: string;
  @Field(() => String)
  email!: string;
  @Field(() => Boolean)
  emailVerified!: boolean;
  @Field(() => String, { nullable: true })
  name!: string | null;
  @Field(() => Role)
  role!: Role;
  @Field(() => DateTime)
  createdAt!: Date;
}

@ObjectType({ implements: UserError, simpleResolvers: true })
export class AccountError extends UserError {
  @Field(() => AccountErrorCode)
  code!: keyof typeof AccountErrorCode;
}

@InputType()
export class RegisterInput {
  @Field(() => String)
  email!: string;
  @Field(() => String)
  password!: string;
  @Field(() => String, { nullable: true })
  name?: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description:
    "The same answer whether the address is free or taken; the owner of a taken address is told by e-mail.",
})
export class RegisterPayload {
  @Field(() => Boolean, { nullable: true })
  accepted?: boolean;
  @Field(() => [AccountError])
  userErrors!: AccountError[];
}

@InputType()
export class UpdateAccountInput {
  @Field(() => String, { nullable: true })
  name?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class AccountPayload {
  @Field(() => Account, { nullable: true })
  account?: Account | null;
  @Field(() => [AccountError])
  userErrors!: AccountError[];
}

@InputType()
export class DeleteInput {
  @Field(() => ID)
  id!: string;
}

@ObjectType({ simpleResolvers: true })
export class DeletePayload {
  @Field(() => ID, { nullable: true })
  deletedId?: string;
  @Field(() => [AccountError])
  userErrors!: AccountError[];
}
