import { admitOrder, orderToken, readOrder } from "../orders";
import type { BuyerAction } from "../payments";
import type { Context } from "../platform/context";
import { forgetLoaded } from "../platform/loaders";
import type { Authorized } from "./authorize-order";
import { type CheckoutErrorCode, checkoutError } from "./checkout.refusals";

type OrderNode = NonNullable<Awaited<ReturnType<typeof readOrder>>>;
type PaymentNode = OrderNode["payments"][number];

const WAIT: BuyerAction = { type: "WAIT", url: null, clientSecret: null };

/** What giveBack says of money that bought nothing, in the buyer's terms; of money beyond the order's there is nothing to say. */
const gaveBack = new Map<string | null, CheckoutErrorCode>([
  ["out_of_stock", "OUT_OF_STOCK"],
  ["late", "PAYMENT_DECLINED"],
]);

/**
 * The payload of an attempt to pay, the first time or a later one: its order, payment and what came of it are read as they are now. Only for
 * who holds the cart.
 */
export async function answerCheckout(ctx: Context, { outcome, nextAction }: Authorized) {
  const { orderId, paymentId, operationId } = outcome;
  admitOrder(ctx, orderId); // who may check the cart out may see what it became
  forgetLoaded(ctx);
  const order = await readOrder(ctx, orderId);
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

/** Why an attempt did not buy anything; undefined while that is open, and when it did. Money may have come after a decline. */
function errorOf(
  { status: orderStatus }: OrderNode,
  { operations }: PaymentNode,
  operationUuid: string,
): CheckoutErrorCode | undefined {
  const paid = operations.some(({ kind, status }) => kind === "AUTHORIZE" && status === "SUCCEEDED");
  if (paid && (orderStatus === "OPEN" || orderStatus === "COMPLETED")) return undefined;
  if (paid)
    return operations
      .filter(({ kind }) => kind === "VOID" || kind === "REFUND")
      .map(({ reason }) => gaveBack.get(reason))
      .find((code) => code !== undefined);
  const declined = operations.some(({ uuid, status }) => uuid === operationUuid && status === "FAILED");
  return declined ? "PAYMENT_DECLINED" : undefined;
}
