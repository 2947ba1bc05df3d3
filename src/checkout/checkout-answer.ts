import { admitOrder, orderToken, readOrder, toOrder } from "../orders";
import type { BuyerAction } from "../payments";
import type { Context } from "../platform/context";
import { forgetLoaded } from "../platform/loaders";
import type { Authorized } from "./authorize-order";
import { type CheckoutErrorCode, checkoutError } from "./checkout.refusals";

type OrderNode = NonNullable<Awaited<ReturnType<typeof readOrder>>>;
type PaymentNode = OrderNode["payments"][number];

const WAIT: BuyerAction = { type: "WAIT", url: null, clientSecret: null };

/**
 * The payload of an attempt to pay, the first time or a later one: its order, payment and what came of it are read as they are now. Only for
 * who holds the cart.
 */
export async function answerCheckout(ctx: Context, { outcome, nextAction, order: read }: Authorized) {
  const { orderId, paymentId, operationId } = outcome;
  admitOrder(ctx, orderId); // who may check the cart out may see what it became
  forgetLoaded(ctx);
  const order = read ? toOrder(ctx.vault, read) : await readOrder(ctx, orderId);
  const payment = order?.payments.find(({ uuid }) => uuid === paymentId) ?? null;
  const status = payment?.operations.find(({ uuid }) => uuid === operationId)?.status;
  const error = order && payment && errorOf(order, payment, operationId);
  return {
    order,
    payment,
    nextAction:
      status === "ACTION_REQUIRED"
        ? (nextAction ?? WAIT)
        : status === "PENDING" || status === "UNKNOWN"
          ? WAIT
          : null,
    orderToken: order && orderToken(ctx.vault, order),
    userErrors: error ? [checkoutError(error, "payment")] : [],
  };
}

/**
 * Why an attempt did not buy anything; undefined while that is open, and when the order is bought. Money may have come after a decline, and
 * gone back because it came too late or beside another attempt.
 */
function errorOf(
  { status: orderStatus }: OrderNode,
  { operations }: PaymentNode,
  operationUuid: string,
): CheckoutErrorCode | undefined {
  const paid = operations.some(({ kind, status }) => kind === "AUTHORIZE" && status === "SUCCEEDED");
  const failed = operations.some(({ uuid, status }) => uuid === operationUuid && status === "FAILED");
  if (paid ? orderStatus !== "PENDING" && orderStatus !== "EXPIRED" : !failed) return undefined;
  return operations.some(({ reason }) => reason === "out_of_stock") ? "OUT_OF_STOCK" : "PAYMENT_DECLINED";
}
