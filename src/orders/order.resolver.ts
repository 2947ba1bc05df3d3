import type { GraphQLResolveInfo } from "graphql";
import { Arg, Ctx, FieldResolver, ID, Info, Int, Query, Resolver, Root } from "type-graphql";
import { Account, readAccountData } from "../accounts";
import { loadVariant, Variant } from "../catalog";
import { OrderStatus, PaymentStatus } from "../generated/prisma/enums";
import { actsFor, type Context, isStaff } from "../platform/context";
import { topLevelError } from "../platform/errors";
import { parseId } from "../platform/ids";
import { selectedNames } from "../platform/selected-names";
import { listOrders } from "./list-orders";
import type { OrderLineNode, OrderNode } from "./order-node";
import { Order, OrderConnection, OrderLine } from "./orders.types";
import { findOrder, findOrderByToken } from "./read-order";

@Resolver(() => Order)
export class OrderResolver {
  @Query(() => Order, { nullable: true, description: "Own order, or any for staff" })
  async order(@Arg("id", () => ID) id: string, @Ctx() ctx: Context) {
    const order = await findOrder(ctx, parseId("order", id));
    if (!order) throw topLevelError("NOT_FOUND");
    return order;
  }

  @Query(() => Order, { nullable: true, description: "A guest's order by its orderToken" })
  async guestOrder(@Arg("token", () => String) token: string, @Ctx() ctx: Context) {
    const order = await findOrderByToken(ctx, token);
    if (!order) throw topLevelError("NOT_FOUND");
    return order;
  }

  @Query(() => OrderConnection, { description: "Staff" })
  orders(
    @Arg("first", () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg("after", () => String, { nullable: true }) after: string | null | undefined,
    @Arg("status", () => OrderStatus, { nullable: true }) status: OrderStatus | null | undefined,
    @Arg("paymentStatus", () => PaymentStatus, { nullable: true }) paymentStatus:
      | PaymentStatus
      | null
      | undefined,
    @Arg("query", () => String, { nullable: true, description: "Order number, exact e-mail address or SKU" })
    query: string | null | undefined,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return listOrders(ctx, { first, after }, { status, paymentStatus, query }, selectedNames(info));
  }

  @FieldResolver(() => Account, { nullable: true, description: "Owner and staff; null for a guest's order" })
  account(@Root() { accountUuid }: OrderNode, @Ctx() ctx: Context) {
    const allowed = accountUuid !== null && (actsFor(ctx, accountUuid) || isStaff(ctx));
    return allowed ? readAccountData(ctx, accountUuid) : null;
  }
}

@Resolver(() => OrderLine)
export class OrderLineResolver {
  @FieldResolver(() => Variant, { nullable: true })
  variant(@Root() line: OrderLineNode, @Ctx() ctx: Context) {
    return loadVariant(ctx, line.variantUuid);
  }
}
