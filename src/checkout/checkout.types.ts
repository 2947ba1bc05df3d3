import { Field, ID, InputType, ObjectType, registerEnumType } from "type-graphql";
import { Order } from "../orders";
import { Payment } from "../payments";
import { MoneyInput, UserError } from "../platform/types";
import { checkoutCodes } from "./checkout.refusals";

const NextActionType = {
  REDIRECT: "REDIRECT",
  CLIENT_CONFIRM: "CLIENT_CONFIRM",
  WAIT: "WAIT",
} as const;
registerEnumType(NextActionType, {
  name: "NextActionType",
  valuesConfig: {
    REDIRECT: { description: "Send the buyer to url; when he is back, ask with resumeCheckout" },
    CLIENT_CONFIRM: {
      description:
        "Have the provider's library in the client confirm with clientSecret, then ask with resumeCheckout",
    },
    WAIT: {
      description: "Nobody has to do anything: the outcome comes later; ask now and then with resumeCheckout",
    },
  },
});

@InputType({
  description:
    "A provider's reference to a payment method; card numbers never reach this server. The sandbox provider knows sandbox:success, sandbox:decline, sandbox:insufficient_funds, sandbox:action_required, sandbox:timeout and sandbox:late",
})
export class PaymentInput {
  @Field(() => String, { nullable: true, description: "Left out: the shop's default" })
  provider?: string | null;
  @Field(() => String, { nullable: true })
  token?: string | null;
  @Field(() => ID, {
    nullable: true,
    description: "A saved method of the signed-in account, instead of token",
  })
  paymentMethodId?: string | null;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: "Keeps the method for the signed-in account once it has paid; without effect for guests",
  })
  save?: boolean | null;
  @Field(() => String, {
    nullable: true,
    description: "Where the buyer comes back to after REDIRECT; its origin must be on the shop's list",
  })
  returnUrl?: string | null;
}

@InputType()
export class CheckoutInput {
  @Field(() => ID)
  cartId!: string;
  @Field(() => MoneyInput, { description: "What the buyer saw; anything else is refused with TOTAL_CHANGED" })
  expectedTotal!: MoneyInput;
  @Field(() => PaymentInput)
  payment!: PaymentInput;
}

@InputType({ description: "The cart is the key, so that guests can resume too" })
export class ResumeCheckoutInput {
  @Field(() => ID)
  cartId!: string;
}

@ObjectType({ implements: UserError, simpleResolvers: true })
export class CheckoutError extends UserError {
  @Field(() => checkoutCodes)
  code!: keyof typeof checkoutCodes;
}

@ObjectType({ simpleResolvers: true })
export class NextAction {
  @Field(() => NextActionType)
  type!: keyof typeof NextActionType;
  @Field(() => String, { nullable: true, description: "Of REDIRECT" })
  url!: string | null;
  @Field(() => String, { nullable: true, description: "Of CLIENT_CONFIRM" })
  clientSecret!: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description:
    "order is there as soon as stock is reserved, before the provider is asked; nextAction when the buyer must do something (3-D Secure)",
})
export class CheckoutPayload {
  @Field(() => Order, { nullable: true })
  order?: Order | null;
  @Field(() => Payment, { nullable: true })
  payment?: Payment | null;
  @Field(() => NextAction, { nullable: true })
  nextAction?: NextAction | null;
  @Field(() => String, {
    nullable: true,
    description: "A guest's key to this order, for guestOrder; the confirmation e-mail carries it too",
  })
  orderToken?: string | null;
  @Field(() => [CheckoutError])
  userErrors!: CheckoutError[];
}
