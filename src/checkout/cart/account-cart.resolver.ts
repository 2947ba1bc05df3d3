import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { Account, SessionPayload } from "../../accounts";
import type { Context } from "../../platform/context";
import { Cart } from "./cart.types";
import { findActiveCart, findCart } from "./cart-node";

@Resolver(() => Account)
export class AccountCartResolver {
  @FieldResolver(() => Cart, { nullable: true, description: "The active cart, on whichever device" })
  cart(@Root() account: { uuid: string }, @Ctx() ctx: Context) {
    return findActiveCart(ctx, account.uuid);
  }
}

@Resolver(() => SessionPayload)
export class SessionCartResolver {
  @FieldResolver(() => Cart, { nullable: true, description: "The account's cart after the merge" })
  cart(@Root() payload: { cartUuid?: string | null }, @Ctx() ctx: Context) {
    return payload.cartUuid ? findCart(ctx, payload.cartUuid) : null;
  }
}
