import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { type Context, isStaff } from "../platform/context";
import { isReason } from "./operation-reason";
import { PaymentOperation } from "./payments.types";

@Resolver(() => PaymentOperation)
export class PaymentOperationResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      "Why it failed or was opened: a word like declined, insufficient_funds, cancelled, expired, late or mismatch. Staff also see what staff wrote",
  })
  reason(@Root() { reason }: { reason: string | null }, @Ctx() ctx: Context) {
    return reason === null || isReason(reason) || isStaff(ctx) ? reason : null;
  }
}
