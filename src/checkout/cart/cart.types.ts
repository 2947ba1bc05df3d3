import { Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import { Variant } from "../../catalog";
import { DeliveryOption, Order, PostalAddress, Totals } from "../../orders";
import { TypicalSize } from "../../platform/cost/typical-size";
import { CurrencyCode, DateTime } from "../../platform/scalars";
import { Money, Node, UserError } from "../../platform/types";
import { checkoutCodes } from "../checkout.refusals";
import { cartCodes } from "./cart.refusals";
import type { CartWarningCode } from "./priced-cart";

const warningCodes: { [Code in CartWarningCode]: Code } = {
  QUANTITY_REDUCED: "QUANTITY_REDUCED",
  OUT_OF_STOCK: "OUT_OF_STOCK",
  PRICE_CHANGED: "PRICE_CHANGED",
  UNAVAILABLE: "UNAVAILABLE",
};
registerEnumType(warningCodes, { name: "CartWarningCode" });

@ObjectType({ simpleResolvers: true })
export class CartLine {
  @Field(() => ID)
  id!: string;
  @Field(() => Variant)
  variant!: Variant;
  @Field(() => Int)
  quantity!: number;
  @Field(() => Money)
  unitPrice!: Money;
  @Field(() => Money)
  total!: Money;
}

@ObjectType({ simpleResolvers: true })
export class CartWarning {
  @Field(() => warningCodes)
  code!: CartWarningCode;
  @Field(() => String)
  message!: string;
  @Field(() => ID, { nullable: true })
  lineId!: string | null;
}

@ObjectType({ implements: Node, simpleResolvers: true })
export class Cart {
  @Field(() => ID, { description: "Unguessable: who knows a guest's cart id has the cart" })
  id!: string;
  accountId!: string | null;
  orderUuid!: string | null;
  @Field(() => CurrencyCode)
  currency!: string;
  @Field(() => String, { nullable: true })
  email!: string | null;
  @TypicalSize(3)
  @Field(() => [CartLine])
  lines!: CartLine[];
  @Field(() => PostalAddress, { nullable: true })
  shippingAddress!: PostalAddress | null;
  @Field(() => PostalAddress, { nullable: true })
  billingAddress!: PostalAddress | null;
  @TypicalSize(2)
  @Field(() => [DeliveryOption])
  deliveryOptions!: DeliveryOption[];
  @Field(() => DeliveryOption, { nullable: true })
  delivery!: DeliveryOption | null;
  @Field(() => Totals)
  totals!: Totals;
  @TypicalSize(1)
  @Field(() => [CartWarning])
  warnings!: CartWarning[];
  order?: Order | null;
  @Field(() => [checkoutCodes], {
    description: "What is still missing before checkout would be accepted",
  })
  blockers!: (keyof typeof checkoutCodes)[];
  @Field(() => DateTime)
  updatedAt!: Date;
}

@ObjectType({ implements: UserError, simpleResolvers: true })
export class CartError {
  @Field(() => cartCodes)
  code!: keyof typeof cartCodes;
  message!: string;
  path!: string[];
}

@ObjectType({ simpleResolvers: true })
export class CartPayload {
  @Field(() => Cart, { nullable: true })
  cart!: Cart | null;
  @Field(() => [CartError])
  userErrors!: CartError[];
}
