import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { DeleteInput, DeletePayload } from "../accounts";
import { type DeletedMethod, deletePaymentMethod, forgetPaymentMethod } from "../payments";
import { type Context, signedIn } from "../platform/context";
import { idempotent } from "../platform/idempotency";
import { toId } from "../platform/ids";
import { forgetLoaded } from "../platform/loaders";
import { settle } from "../platform/refusal";

@Resolver()
export class PaymentMethodResolver {
  @Mutation(() => DeletePayload)
  deletePaymentMethod(@Arg("input", () => DeleteInput) input: DeleteInput, @Ctx() ctx: Context) {
    const { accountId } = signedIn(ctx);
    return settle(async () => {
      const gone: DeletedMethod[] = [];
      const { uuid } = await idempotent(
        ctx,
        { actor: accountId, operation: "deletePaymentMethod", input },
        async (sql) => {
          const deleted = await deletePaymentMethod(ctx, sql, accountId, input.id);
          gone.splice(0, 1, deleted); // a transaction that lost a race runs again
          return { uuid: deleted.uuid };
        },
      );
      for (const method of gone) await forgetPaymentMethod(ctx, method);
      forgetLoaded(ctx);
      return { deletedId: toId("pm", uuid) };
    });
  }
}
