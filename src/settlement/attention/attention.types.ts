import { Field, ID, ObjectType, registerEnumType } from "type-graphql";
import { Order } from "../../orders";
import { Payment, PaymentOperation } from "../../payments";
import { connectionTypes } from "../../platform/connection.types";
import { DateTime } from "../../platform/scalars";
import { AttentionReason } from "./attention-reason";

registerEnumType(AttentionReason, {
  name: "PaymentAttentionReason",
  valuesConfig: {
    OUTCOME_UNKNOWN: { description: "For more than 10 minutes the provider has not said what became of it" },
    MISMATCH: { description: "The provider speaks of another amount or currency than it was asked for" },
    PROVIDER_EVENT: { description: "What a provider told could not be taken into account" },
    GIVE_BACK_FAILED: { description: "Money that buys nothing could not be given back" },
    AUTHORIZATION_LAPSED: { description: "The order is OPEN, and nothing is authorised for it any more" },
    AUTHORIZATION_EXPIRES_SOON: { description: "Older than 5 days, and not all of it is captured" },
  },
});

/** Its order, payment and operation are found by attention.resolver.ts. */
@ObjectType({ simpleResolvers: true, description: "Something about a payment that a person must look at" })
export class PaymentAttention {
  @Field(() => AttentionReason)
  reason!: AttentionReason;
  @Field(() => String, { description: "What is wrong and what can be done, in plain words" })
  message!: string;
  @Field(() => DateTime)
  since!: Date;
  order?: Order | null;
  payment?: Payment | null;
  operation?: PaymentOperation | null;
  @Field(() => ID, { nullable: true, description: "Of PROVIDER_EVENT: what resolveProviderEvent takes" })
  providerEventId!: string | null;
}

export const PaymentAttentionConnection = connectionTypes("PaymentAttention", () => PaymentAttention);
