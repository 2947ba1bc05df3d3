import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { actsFor, type Context, signedIn } from "../platform/context";
import { TypicalSize } from "../platform/cost/typical-size";
import { topLevelError } from "../platform/errors";
import { idempotent } from "../platform/idempotency";
import { forgetLoaded } from "../platform/loaders";
import { settle } from "../platform/refusal";
import { readAccountData, toViewerAccount } from "./account.rows";
import { Account, AccountPayload, RegisterInput, RegisterPayload, UpdateAccountInput } from "./account.types";
import { listAddresses } from "./address.rows";
import { Address } from "./address.types";
import { register } from "./register";
import { listSessions } from "./session.rows";
import { Session } from "./session.types";
import { updateAccount } from "./update-account";

@Resolver(() => Account)
export class AccountResolver {
  @Query(() => Account, { nullable: true, description: "Who the caller is; null for a guest" })
  me(@Ctx() ctx: Context) {
    return ctx.viewer && toViewerAccount(ctx.viewer);
  }

  @TypicalSize(2)
  @FieldResolver(() => [Address])
  addresses(@Root() account: Account, @Ctx() ctx: Context) {
    return listAddresses(ctx, account.uuid);
  }

  /** Where someone is signed in is for nobody else, staff included. */
  @TypicalSize(3)
  @FieldResolver(() => [Session])
  sessions(@Root() account: Account, @Ctx() ctx: Context) {
    if (!actsFor(ctx, account.uuid)) throw topLevelError("FORBIDDEN");
    return listSessions(ctx, account.uuid);
  }

  @Mutation(() => RegisterPayload)
  register(@Arg("input", () => RegisterInput) input: RegisterInput, @Ctx() ctx: Context) {
    return settle(() => register(ctx, { ...input, ip: ctx.ip }));
  }

  @Mutation(() => AccountPayload)
  updateAccount(@Arg("input", () => UpdateAccountInput) input: UpdateAccountInput, @Ctx() ctx: Context) {
    const { accountId } = signedIn(ctx);
    return settle(async () => {
      await idempotent(ctx, { actor: accountId, operation: "updateAccount", input }, async (sql) => {
        await updateAccount(ctx, sql, accountId, input);
        return { accountId };
      });
      forgetLoaded(ctx);
      return { account: await readAccountData(ctx, accountId) };
    });
  }
}
