import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from "type-graphql";
import { Order, readOrder } from "../../orders";
import { loadOperation, loadPayment, Payment, PaymentOperation } from "../../payments";
import type { Context } from "../../platform/context";
import { PaymentAttention, PaymentAttentionConnection } from "./attention.types";
import { type AttentionNode, listAttention } from "./list-attention";

@Resolver(() => PaymentAttention)
export class AttentionResolver {
  @Query(() => PaymentAttentionConnection, {
    description:
      "What about payments a person must look at, longest waiting first; empty when all is in order",
  })
  paymentsNeedingAttention(
    @Arg("first", () => Int, { nullable: true, defaultValue: 20 }) first: number | null,
    @Arg("after", () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() ctx: Context,
  ) {
    return listAttention(ctx, { first, after });
  }

  @FieldResolver(() => Order, { nullable: true })
  order(@Root() { orderUuid }: AttentionNode, @Ctx() ctx: Context) {
    return orderUuid === null ? null : readOrder(ctx, orderUuid);
  }

  @FieldResolver(() => Payment, { nullable: true })
  payment(@Root() { paymentUuid }: AttentionNode, @Ctx() ctx: Context) {
    return paymentUuid === null ? null : loadPayment(ctx, paymentUuid);
  }

  @FieldResolver(() => PaymentOperation, { nullable: true })
  operation(@Root() { operationUuid }: AttentionNode, @Ctx() ctx: Context) {
    return operationUuid === null ? null : loadOperation(ctx, operationUuid);
  }
}
