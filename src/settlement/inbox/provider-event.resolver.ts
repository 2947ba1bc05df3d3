import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { type Context, signedIn } from "../../platform/context";
import { idempotent } from "../../platform/idempotency";
import { settle } from "../../platform/refusal";
import { findProviderEvent } from "./find-provider-event";
import { ProviderEventPayload, ResolveProviderEventInput } from "./provider-event.types";
import { resolveProviderEvent } from "./resolve-provider-event";

@Resolver()
export class ProviderEventResolver {
  @Mutation(() => ProviderEventPayload, {
    description: "Takes an event in REVIEW off the list: a person has dealt with it. No order moves by it.",
  })
  resolveProviderEvent(
    @Arg("input", () => ResolveProviderEventInput) input: ResolveProviderEventInput,
    @Ctx() ctx: Context,
  ) {
    const ask = { actor: signedIn(ctx).accountId, operation: "resolveProviderEvent", input };
    return settle(async () => {
      const { eventId } = await idempotent(ctx, ask, (sql) => resolveProviderEvent(ctx, sql, input));
      return { event: await findProviderEvent(ctx, eventId) };
    });
  }
}
