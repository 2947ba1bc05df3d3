import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { admitOrder, orderToken, readOrder } from "../orders";
import type { Context } from "../platform/context";
import { settle, type UserErrorData } from "../platform/refusal";
import type { Authorized } from "./authorize-order";
import { checkout } from "./checkout";
import { checkoutError } from "./checkout.refusals";
import { CheckoutInput, CheckoutPayload } from "./checkout.types";

type Settled = { done?: Authorized; userErrors: UserErrorData[] };

@Resolver()
export class CheckoutResolver {
  @Mutation(() => CheckoutPayload, { description: "Idempotency-Key required" })
  async checkout(@Arg("input", () => CheckoutInput) input: CheckoutInput, @Ctx() ctx: Context) {
    const settled: Settled = await settle(async () => ({ done: await checkout(ctx, input) }));
    return settled.done ? answer(ctx, settled.done) : settled;
  }
}

/** The payload of an outcome, the first time or a later one: its objects are read as they are now. */
async function answer(ctx: Context, { outcome, nextAction }: Authorized) {
  const { orderId, paymentId, error } = outcome;
  admitOrder(ctx, orderId); // who may check the cart out may see what it became
  const order = await readOrder(ctx, orderId);
  return {
    order,
    payment: order?.payments.find(({ uuid }) => uuid === paymentId) ?? null,
    nextAction,
    orderToken: order && orderToken(ctx.vault, order),
    userErrors: error && error !== "PROVIDER_REFUSED" ? [checkoutError(error, "payment")] : [],
  };
}
