import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { OperationOutcome } from "../checkout";
import { readOrder } from "../orders";
import type { Context } from "../platform/context";
import { forgetLoaded } from "../platform/loaders";
import { settle, type UserErrorData } from "../platform/refusal";
import { cancelOrder } from "./cancel-order";
import { capturePayment } from "./capture-payment";
import { refundPayment } from "./refund-payment";
import { paymentError } from "./settlement.refusals";
import {
  CancelOrderInput,
  CapturePaymentInput,
  OrderPayload,
  PaymentPayload,
  RefundPaymentInput,
  VoidPaymentInput,
} from "./settlement.types";
import { voidPayment } from "./void-payment";

const KEY_REQUIRED = { description: "Idempotency-Key required" };

@Resolver()
export class SettlementResolver {
  @Mutation(() => PaymentPayload, KEY_REQUIRED)
  capturePayment(@Arg("input", () => CapturePaymentInput) input: CapturePaymentInput, @Ctx() ctx: Context) {
    return answer(ctx, () => capturePayment(ctx, input));
  }

  @Mutation(() => PaymentPayload, KEY_REQUIRED)
  voidPayment(@Arg("input", () => VoidPaymentInput) input: VoidPaymentInput, @Ctx() ctx: Context) {
    return answer(ctx, () => voidPayment(ctx, input));
  }

  @Mutation(() => PaymentPayload, KEY_REQUIRED)
  refundPayment(@Arg("input", () => RefundPaymentInput) input: RefundPaymentInput, @Ctx() ctx: Context) {
    return answer(ctx, () => refundPayment(ctx, input));
  }

  @Mutation(() => OrderPayload, {
    description: "Gives back what was paid, by voids and refunds, and puts the goods back into stock",
  })
  cancelOrder(@Arg("input", () => CancelOrderInput) input: CancelOrderInput, @Ctx() ctx: Context) {
    return settle(async () => {
      const uuid = await cancelOrder(ctx, input);
      forgetLoaded(ctx); // an earlier mutation of the same document may have loaded it
      return { order: await readOrder(ctx, uuid) };
    });
  }
}

type Settled = { done?: OperationOutcome; userErrors: UserErrorData[] };

/** The payload of an outcome, the first time or a later one: its objects are read as they are now. */
async function answer(ctx: Context, work: () => Promise<OperationOutcome>) {
  const settled: Settled = await settle(async () => ({ done: await work() }));
  if (!settled.done) return settled;
  const { orderId, paymentId, operationId, error } = settled.done;
  const order = await readOrder(ctx, orderId);
  const payment = order?.payments.find(({ uuid }) => uuid === paymentId) ?? null;
  const operation = payment?.operations.find(({ uuid }) => uuid === operationId) ?? null;
  const refused = error === "PROVIDER_REFUSED";
  return { order, payment, operation, userErrors: refused ? [paymentError(error, "paymentId")] : [] };
}
