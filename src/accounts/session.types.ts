import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { DateTime } from "../platform/scalars";
import { Node } from "../platform/types";
import { Account, AccountError } from "./account.types";

@ObjectType({ implements: Node, simpleResolvers: true, description: "One signed-in device." })
export class Session extends Node {
  uuid!: string;
  accountUuid!: string;
  @Field(() => Boolean)
  current!: boolean;
  @Field(() => String, { nullable: true })
  device!: string | null;
  @Field(() => String, { nullable: true })
  ip!: string | null;
  @Field(() => DateTime)
  createdAt!: Date;
  @Field(() => DateTime)
  lastUsedAt!: Date;
}

@ObjectType({
  simpleResolvers: true,
  description:
    "Send accessToken as `Authorization: Bearer …`. refreshToken works once: refreshSession answers with its successor.",
})
export class Tokens {
  @Field(() => String)
  accessToken!: string;
  @Field(() => DateTime)
  accessExpiresAt!: Date;
  @Field(() => String)
  refreshToken!: string;
  @Field(() => DateTime)
  refreshExpiresAt!: Date;
}

@InputType()
export class LoginInput {
  @Field(() => String)
  email!: string;
  @Field(() => String)
  password!: string;
  @Field(() => ID, { nullable: true, description: "A guest cart to merge into the account's cart" })
  cartId?: string | null;
  @Field(() => String, { nullable: true })
  device?: string | null;
}

@InputType()
export class RefreshSessionInput {
  @Field(() => String)
  refreshToken!: string;
}

@InputType()
export class VerifyEmailInput {
  @Field(() => String)
  token!: string;
}

@InputType()
export class RevokeSessionsInput {
  @Field(() => [ID], { nullable: true })
  ids?: string[] | null;
  @Field(() => Boolean, { nullable: true, defaultValue: false, description: "Every session but this one" })
  others?: boolean | null;
}

@ObjectType({ simpleResolvers: true })
export class RevokeSessionsPayload {
  @Field(() => Int, { nullable: true })
  revokedCount?: number;
  @Field(() => [AccountError])
  userErrors!: AccountError[];
}

/** `cart` is added where carts are known, from `cartUuid`. */
@ObjectType({ simpleResolvers: true })
export class SessionPayload {
  @Field(() => Account, { nullable: true })
  account?: Account | null;
  @Field(() => Tokens, { nullable: true })
  tokens?: Tokens | null;
  /** The account's cart after the merge, if it has one */
  cartUuid?: string | null;
  @Field(() => String, {
    nullable: true,
    description: "Set when the password was right and a second factor is due: answer with verifyMfa",
  })
  mfaToken?: string | null;
  @Field(() => [AccountError])
  userErrors!: AccountError[];
}
