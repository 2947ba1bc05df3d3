import { Field, ID, InputType, ObjectType } from "type-graphql";
import { Order } from "../orders";
import { Payment, PaymentOperation } from "../payments";
import { MoneyInput, UserError } from "../platform/types";
import { orderCodes, paymentCodes } from "./settlement.refusals";

@InputType({ description: "amount left out = all that is left" })
export class CapturePaymentInput {
  @Field(() => ID)
  paymentId!: string;
  @Field(() => MoneyInput, { nullable: true })
  amount?: MoneyInput | null;
}

@InputType({ description: "All that is authorised and not captured" })
export class VoidPaymentInput {
  @Field(() => ID)
  paymentId!: string;
}

@InputType({ description: "amount left out = all that is left" })
export class RefundPaymentInput {
  @Field(() => ID)
  paymentId!: string;
  @Field(() => MoneyInput, { nullable: true })
  amount?: MoneyInput | null;
  @Field(() => String, {
    nullable: true,
    description: "Plain text, at most 500 characters, for staff: the buyer does not see it",
  })
  reason?: string | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      "Everything that the order still holds goes back into stock, once, when the refund has succeeded, whatever its amount",
  })
  restock?: boolean | null;
}

@ObjectType({ implements: UserError, simpleResolvers: true })
export class PaymentError extends UserError {
  @Field(() => paymentCodes)
  code!: keyof typeof paymentCodes;
}

@ObjectType({ simpleResolvers: true })
export class PaymentPayload {
  @Field(() => Payment, { nullable: true })
  payment?: Payment | null;
  @Field(() => PaymentOperation, { nullable: true })
  operation?: PaymentOperation | null;
  @Field(() => Order, { nullable: true })
  order?: Order | null;
  @Field(() => [PaymentError])
  userErrors!: PaymentError[];
}

@InputType()
export class CancelOrderInput {
  @Field(() => ID)
  orderId!: string;
  @Field(() => String, {
    nullable: true,
    description: "Plain text, at most 500 characters; the order's history shows it to buyer and staff",
  })
  reason?: string | null;
}

@ObjectType({ implements: UserError, simpleResolvers: true })
export class OrderError extends UserError {
  @Field(() => orderCodes)
  code!: keyof typeof orderCodes;
}

@ObjectType({ simpleResolvers: true })
export class OrderPayload {
  @Field(() => Order, { nullable: true })
  order?: Order | null;
  @Field(() => [OrderError])
  userErrors!: OrderError[];
}
