import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { type Context, signedIn } from "../platform/context";
import { idempotent } from "../platform/idempotency";
import { toId } from "../platform/ids";
import { forgetLoaded } from "../platform/loaders";
import { settle } from "../platform/refusal";
import { DeleteInput, DeletePayload } from "./account.types";
import { findAddress } from "./address.rows";
import { AddressPayload, SaveAddressInput } from "./address.types";
import { deleteAddress } from "./delete-address";
import { saveAddress } from "./save-address";

@Resolver()
export class AddressResolver {
  @Mutation(() => AddressPayload)
  saveAddress(@Arg("input", () => SaveAddressInput) input: SaveAddressInput, @Ctx() ctx: Context) {
    const { accountId } = signedIn(ctx);
    return settle(async () => {
      const { uuid } = await idempotent(
        ctx,
        { actor: accountId, operation: "saveAddress", input },
        async (sql) => ({
          uuid: await saveAddress(ctx, sql, accountId, input),
        }),
      );
      forgetLoaded(ctx);
      return { address: await findAddress(ctx, uuid) };
    });
  }

  @Mutation(() => DeletePayload)
  deleteAddress(@Arg("input", () => DeleteInput) input: DeleteInput, @Ctx() ctx: Context) {
    const { accountId } = signedIn(ctx);
    return settle(async () => {
      const { uuid } = await idempotent(
        ctx,
        { actor: accountId, operation: "deleteAddress", input },
        async (sql) => ({
          uuid: await deleteAddress(ctx, sql, accountId, input.id),
        }),
      );
      forgetLoaded(ctx);
      return { deletedId: toId("addr", uuid) };
    });
  }
}
