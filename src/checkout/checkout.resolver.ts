import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { Context } from "../platform/context";
import { settle, type UserErrorData } from "../platform/refusal";
import type { Authorized } from "./authorize-order";
import { checkout } from "./checkout";
import { CheckoutInput, CheckoutPayload, ResumeCheckoutInput } from "./checkout.types";
import { answerCheckout } from "./checkout-answer";
import { resumeCheckout } from "./resume-checkout";

type Settled = { done?: Authorized; userErrors: UserErrorData[] };

@Resolver()
export class CheckoutResolver {
  @Mutation(() => CheckoutPayload, { description: "Idempotency-Key required" })
  checkout(@Arg("input", () => CheckoutInput) input: CheckoutInput, @Ctx() ctx: Context) {
    return answer(ctx, () => checkout(ctx, input));
  }

  @Mutation(() => CheckoutPayload, { description: "After the buyer's action, or to ask again after UNKNOWN" })
  resumeCheckout(
    @Arg("input", () => ResumeCheckoutInput) { cartId }: ResumeCheckoutInput,
    @Ctx() ctx: Context,
  ) {
    return answer(ctx, () => resumeCheckout(ctx, cartId));
  }
}

async function answer(ctx: Context, work: () => Promise<Authorized>) {
  const settled: Settled = await settle(async () => ({ done: await work() }));
  return settled.done ? answerCheckout(ctx, settled.done) : settled;
}
