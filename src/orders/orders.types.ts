import { Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import { Account } from "../accounts";
import { Variant } from "../catalog";
import { OrderStatus, PaymentStatus } from "../generated/prisma/enums";
import { Payment } from "../payments";
import { connectionTypes } from "../platform/connection.types";
import { TypicalSize } from "../platform/cost/typical-size";
import { DateTime } from "../platform/scalars";
import { Money, Node } from "../platform/types";
import { DeliveryOption, PostalAddress, Totals } from "./commerce.types";

registerEnumType(OrderStatus, {
  name: "OrderStatus",
  valuesConfig: {
    PENDING: { description: "Placed, and not paid (yet)" },
    OPEN: { description: "Authorised or paid in full" },
    COMPLETED: { description: "Everything was delivered" },
    CANCELLED: { description: "Called off; what was paid goes back" },
    EXPIRED: { description: "Nobody paid in time; its cart can be checked out again" },
  },
});
registerEnumType(PaymentStatus, {
  name: "PaymentStatus",
  description: "From the ledger and the open operations, first match wins; DESIGN says when each holds",
  valuesConfig: {
    REFUNDED: { description: "All that was captured was refunded" },
    PARTIALLY_REFUNDED: { description: "Some of what was captured was refunded" },
    PAID: { description: "The total was captured" },
    PARTIALLY_PAID: { description: "Less than the total was captured" },
    PROCESSING: { description: "The buyer has to act, or the provider has not said yet what became of it" },
    AUTHORIZED: { description: "The total was authorised and waits to be captured" },
    VOIDED: { description: "All that was authorised was let go" },
    FAILED: { description: "The last attempt failed; a PENDING order's cart can be checked out again" },
    UNPAID: { description: "Nothing was tried" },
  },
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
  @TypicalSize(3)
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
  @TypicalSize(1)
  @Field(() => [Payment])
  payments!: Payment[];
  @TypicalSize(4)
  @Field(() => [OrderEvent])
  events!: OrderEvent[];
  @Field(() => DateTime)
  placedAt!: Date;
}

export const OrderConnection = connectionTypes("Order", () => Order);
