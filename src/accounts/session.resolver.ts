import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { type Context, signedIn } from "../platform/context";
import { idempotent } from "../platform/idempotency";
import { forgetLoaded } from "../platform/loaders";
import { settle } from "../platform/refusal";
import { admit, dismiss } from "./admit";
import { login } from "./login";
import { logout } from "./logout";
import { refreshSession } from "./refresh-session";
import { revokeSessions } from "./revoke-sessions";
import {
  LoginInput,
  RefreshSessionInput,
  RevokeSessionsInput,
  RevokeSessionsPayload,
  SessionPayload,
  VerifyEmailInput,
} from "./session.types";
import { verifyEmail } from "./verify-email";

@Resolver()
export class SessionResolver {
  @Mutation(() => SessionPayload)
  login(@Arg("input", () => LoginInput) input: LoginInput, @Ctx() ctx: Context) {
    return settle(async () => admit(ctx, await login(ctx, { ...input, ip: ctx.ip })));
  }

  @Mutation(() => SessionPayload)
  verifyEmail(@Arg("input", () => VerifyEmailInput) input: VerifyEmailInput, @Ctx() ctx: Context) {
    return settle(async () => admit(ctx, await verifyEmail(ctx, { ...input, ip: ctx.ip })));
  }

  @Mutation(() => SessionPayload)
  refreshSession(@Arg("input", () => RefreshSessionInput) input: RefreshSessionInput, @Ctx() ctx: Context) {
    return settle(async () => admit(ctx, await refreshSession(ctx, input.refreshToken)));
  }

  @Mutation(() => Boolean)
  async logout(@Ctx() ctx: Context) {
    const done = await logout(ctx, signedIn(ctx));
    dismiss(ctx);
    return done;
  }

  @Mutation(() => RevokeSessionsPayload)
  revokeSessions(@Arg("input", () => RevokeSessionsInput) input: RevokeSessionsInput, @Ctx() ctx: Context) {
    const viewer = signedIn(ctx);
    return settle(async () => {
      const asked = { actor: viewer.accountId, operation: "revokeSessions", input };
      const { revokedCount, isThisOne } = await idempotent(ctx, asked, (sql) =>
        revokeSessions(ctx, sql, viewer, input),
      );
      if (isThisOne) dismiss(ctx);
      else forgetLoaded(ctx);
      return { revokedCount };
    });
  }
}
