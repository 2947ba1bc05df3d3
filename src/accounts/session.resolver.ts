import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { type Context, signedIn } from "../platform/context";
import { forgetLoaded } from "../platform/loaders";
import { settle } from "../platform/refusal";
import { readAccountData } from "./account.rows";
import { login } from "./login";
import { logout } from "./logout";
import { refreshSession } from "./refresh-session";
import { LoginInput, RefreshSessionInput, SessionPayload } from "./session.types";

@Resolver()
export class SessionResolver {
  @Mutation(() => SessionPayload)
  login(@Arg("input", () => LoginInput) input: LoginInput, @Ctx() ctx: Context) {
    return settle(async () => admit(ctx, await login(ctx, { ...input, ip: ctx.ip })));
  }

  @Mutation(() => SessionPayload)
  refreshSession(@Arg("input", () => RefreshSessionInput) input: RefreshSessionInput, @Ctx() ctx: Context) {
    return settle(async () => admit(ctx, await refreshSession(ctx, input.refreshToken)));
  }

  @Mutation(() => Boolean)
  async logout(@Ctx() ctx: Context) {
    const done = await logout(ctx, signedIn(ctx));
    ctx.viewer = null; // what stands below it in the document comes from nobody any more
    forgetLoaded(ctx);
    return done;
  }
}

/** Who has just proven to be the account's owner may read it in the same request, without a token yet. */
async function admit<Proven extends { accountUuid: string; sessionUuid: string }>(
  ctx: Context,
  proven: Proven,
) {
  ctx.admitted.add(proven.accountUuid).add(proven.sessionUuid);
  forgetLoaded(ctx);
  return { ...proven, account: await readAccountData(ctx, proven.accountUuid), mfaToken: null };
}
