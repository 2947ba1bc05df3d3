import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, FieldResolver, Info, Int, Resolver, Root } from "type-graphql";
import { Account } from "../accounts";
import { listPaymentMethods, mayReadMethod, PaymentMethod } from "../payments";
import type { Context } from "../platform/context";
import { TypicalSize } from "../platform/cost/typical-size";
import { selectedNames } from "../platform/selected-names";
import { listAccountOrders } from "./list-account-orders";
import { OrderConnection } from "./orders.types";

/** What orders and payments add to an account; the account's own rule guards these fields too. */
@Resolver(() => Account)
export class AccountOrdersResolver {
  @FieldResolver(() => OrderConnection)
  orders(
    @Root() account: { uuid: string },
    @Arg("first", () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg("after", () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return listAccountOrders(ctx, { first, after }, account.uuid, selectedNames(info));
  }

  @TypicalSize(2)
  @FieldResolver(() => [PaymentMethod])
  paymentMethods(@Root() account: { uuid: string }, @Ctx() ctx: Context) {
    return mayReadMethod(ctx, { accountUuid: account.uuid }) ? listPaymentMethods(ctx, account.uuid) : [];
  }
}
