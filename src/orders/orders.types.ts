import { Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import { Account } from "../accounts";
import { Variant } from "../catalog";
import { OrderStatus, PaymentStatus } from "../generated/prisma/enums";
import { Payment } from "../payments";
import { connectionTypes } from "../platform/connection.types";
import { DateTime } from "../platform/scalars";
import { Money, Node } from "../platform/types";
import { DeliveryOption, PostalAddress, Totals } from "./commerce.types";

registerEnumType(OrderStatus, { name: "OrderStatus" });
registerEnumType(PaymentStatus, {
  name: "PaymentStatus",
  description: "From the ledger and the open operations, first match wins; DESIGN says when each holds",
});

/** Its variant is found by order.resolver.ts. */
@ObjectType({ simpleResolvers: true })
export class OrderLine {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  title!: string;
  @Field(() => String, { nullable: true })
  sku!: string | null;
  variant?: Variant | null;
  @Field(() => Int)
  quantity!: number;
  @Field(() => Money)
  unitPrice!: Money;
  @Field(() => Money)
  total!: Money;
}

@ObjectType({ simpleResolvers: true })
export class OrderEvent {
  @Field(() => String)
  type!: string;
  @Field(() => DateTime)
  at!: Date | string;
  @Field(() => String)
  message!: string;
}

/** Its account is found by order.resolver.ts. */
@ObjectType({ implements: Node, simpleResolvers: true })
export class Order extends Node {
  @Field(() => String, { description: "Short, human, unique, e.g. 1042" })
  number!: string;
  @Field(() => OrderStatus)
  status!: OrderStatus;
  @Field(() => PaymentStatus)
  paymentStatus!: PaymentStatus;
  account?: Account | null;
  @Field(() => String, { nullable: true, description: "Personal fields are null once the person was erased" })
  email!: string | null;
  @Field(() => [OrderLine])
  lines!: OrderLine[];
  @Field(() => PostalAddress, {
    nullable: true,
    description: "null once erased, or where nothing is shipped",
  })
  shippingAddress!: PostalAddress | null;
  @Field(() => PostalAddress, { nullable: true })
  billingAddress!: PostalAddress | null;
  @Field(() => DeliveryOption, { nullable: true })
  delivery!: DeliveryOption | null;
  @Field(() => Totals)
  totals!: Totals;
  @Field(() => [Payment])
  payments!: Payment[];
  @Field(() => [OrderEvent])
  events!: OrderEvent[];
  @Field(() => DateTime)
  placedAt!: Date;
}

export const OrderConnection = connectionTypes("Order", () => Order);
