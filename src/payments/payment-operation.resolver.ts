import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { type Context, isStaff } from "../platform/context";
import { PaymentOperation } from "./payments.types";
import { failureReasons } from "./provider";

/** Words of the house and its providers; everything else was written by staff for staff. */
const told = new Set<string>([...failureReasons, "mismatch", "late", "released"]);

@Resolver(() => PaymentOperation)
export class PaymentOperationResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      "Why it failed or was opened: a word like declined, insufficient_funds, cancelled, expired, late or mismatch. Staff also see what staff wrote",
  })
  reason(@Root() { reason }: { reason: string | null }, @Ctx() ctx: Context) {
    return reason === null || told.has(reason) || isStaff(ctx) ? reason : null;
  }
}
