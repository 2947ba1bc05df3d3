import { Field, InputType, ObjectType } from "type-graphql";
import { AccountError } from "./account.types";

@InputType()
export class RequestPasswordResetInput {
  @Field(() => String)
  email!: string;
}

@InputType()
export class ResetPasswordInput {
  @Field(() => String)
  token!: string;
  @Field(() => String)
  password!: string;
}

@InputType()
export class ChangePasswordInput {
  @Field(() => String)
  currentPassword!: string;
  @Field(() => String)
  newPassword!: string;
}

@ObjectType({ simpleResolvers: true })
export class AcceptedPayload {
  @Field(() => Boolean, { nullable: true })
  accepted?: boolean;
  @Field(() => [AccountError])
  userErrors!: AccountError[];
}
