import { Field, Int, ObjectType, registerEnumType } from "type-graphql";
import { PaymentOperationKind, PaymentOperationStatus } from "../generated/prisma/enums";
import { TypicalSize } from "../platform/cost/typical-size";
import { DateTime } from "../platform/scalars";
import { Money, Node } from "../platform/types";

registerEnumType(PaymentOperationKind, { name: "PaymentOperationKind" });
registerEnumType(PaymentOperationStatus, {
  name: "PaymentOperationStatus",
  description:
    "UNKNOWN: the provider was asked and did not answer; a webhook or the reconciler will settle it, never a second charge",
});

@ObjectType({ simpleResolvers: true })
export class PaymentMethodSummary {
  @Field(() => String, { nullable: true })
  brand!: string | null;
  @Field(() => String, { nullable: true })
  last4!: string | null;
  @Field(() => Int, { nullable: true })
  expiryMonth!: number | null;
  @Field(() => Int, { nullable: true })
  expiryYear!: number | null;
}

@ObjectType({ implements: Node, simpleResolvers: true })
export class PaymentMethod extends Node {
  @Field(() => String)
  provider!: string;
  @Field(() => PaymentMethodSummary)
  summary!: PaymentMethodSummary;
  @Field(() => Boolean)
  isDefault!: boolean;
}

/** Its reason is told by payment-operation.resolver.ts. */
@ObjectType({ implements: Node, simpleResolvers: true })
export class PaymentOperation extends Node {
  @Field(() => PaymentOperationKind)
  kind!: PaymentOperationKind;
  @Field(() => PaymentOperationStatus)
  status!: PaymentOperationStatus;
  @Field(() => Money)
  amount!: Money;
  reason?: string | null;
  @Field(() => DateTime)
  createdAt!: Date | string;
}

@ObjectType({ implements: Node, simpleResolvers: true })
export class Payment extends Node {
  @Field(() => String)
  provider!: string;
  @Field(() => PaymentMethodSummary, { nullable: true, description: "null until the provider has told it" })
  method!: PaymentMethodSummary | null;
  @Field(() => Money)
  authorized!: Money;
  @Field(() => Money)
  captured!: Money;
  @Field(() => Money)
  refunded!: Money;
  @Field(() => Money)
  voided!: Money;
  @TypicalSize(2)
  @Field(() => [PaymentOperation])
  operations!: PaymentOperation[];
  @Field(() => DateTime)
  createdAt!: Date | string;
}
