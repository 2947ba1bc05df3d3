import { Field, ID, InputType, ObjectType, registerEnumType } from "type-graphql";
import { ProviderEventState } from "../../generated/prisma/enums";
import { DateTime } from "../../platform/scalars";
import { Node, UserError } from "../../platform/types";
import { providerEventCodes } from "./provider-event.refusals";

registerEnumType(ProviderEventState, {
  name: "ProviderEventState",
  valuesConfig: {
    RECEIVED: { description: "Kept, and not yet taken into account" },
    PROCESSED: { description: "The order has moved on by it, or was there before" },
    IGNORED: { description: "Nothing to act upon, overtaken by what was known, or dealt with by a person" },
    REVIEW: { description: "A person must look: it does not agree with what the shop asked for" },
  },
});
registerEnumType(providerEventCodes, { name: "ProviderEventErrorCode" });

@ObjectType({ implements: Node, simpleResolvers: true, description: "What a payment provider told the shop" })
export class ProviderEvent extends Node {
  @Field(() => String)
  provider!: string;
  @Field(() => String, { description: "The provider's own name of the event" })
  eventId!: string;
  @Field(() => String, { description: "What the provider calls what has happened" })
  type!: string;
  @Field(() => ProviderEventState)
  state!: ProviderEventState;
  @Field(() => String, { nullable: true, description: "Why it was not acted upon, and who dealt with it" })
  note!: string | null;
  @Field(() => DateTime)
  receivedAt!: Date;
}

@InputType()
export class ResolveProviderEventInput {
  @Field(() => ID)
  id!: string;
  @Field(() => String, { description: "What was done about it; 1 to 500 characters, no personal data" })
  note!: string;
}

@ObjectType({ implements: UserError, simpleResolvers: true })
export class ProviderEventError extends UserError {
  @Field(() => providerEventCodes)
  code!: keyof typeof providerEventCodes;
}

@ObjectType({ simpleResolvers: true })
export class ProviderEventPayload {
  @Field(() => ProviderEvent, { nullable: true })
  event?: ProviderEvent | null;
  @Field(() => [ProviderEventError])
  userErrors!: ProviderEventError[];
}
