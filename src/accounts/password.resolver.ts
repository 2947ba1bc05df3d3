import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { type Context, signedIn } from "../platform/context";
import { settle } from "../platform/refusal";
import { admit } from "./admit";
import { changePassword } from "./change-password";
import {
  AcceptedPayload,
  ChangePasswordInput,
  RequestPasswordResetInput,
  ResetPasswordInput,
} from "./password.types";
import { requestPasswordReset } from "./request-password-reset";
import { resetPassword } from "./reset-password";
import { SessionPayload } from "./session.types";

@Resolver()
export class PasswordResolver {
  @Mutation(() => AcceptedPayload)
  requestPasswordReset(
    @Arg("input", () => RequestPasswordResetInput) input: RequestPasswordResetInput,
    @Ctx() ctx: Context,
  ) {
    return settle(() => requestPasswordReset(ctx, { ...input, ip: ctx.ip }));
  }

  @Mutation(() => AcceptedPayload)
  resetPassword(@Arg("input", () => ResetPasswordInput) input: ResetPasswordInput, @Ctx() ctx: Context) {
    return settle(() => resetPassword(ctx, { ...input, ip: ctx.ip }));
  }

  @Mutation(() => SessionPayload)
  changePassword(@Arg("input", () => ChangePasswordInput) input: ChangePasswordInput, @Ctx() ctx: Context) {
    const viewer = signedIn(ctx);
    return settle(async () => {
      const proven = await changePassword(ctx, viewer, { ...input, ip: ctx.ip });
      ctx.viewer = { ...viewer, sessionId: proven.sessionUuid }; // whoever asks for more in the same document is signed in still
      return admit(ctx, proven);
    });
  }
}
