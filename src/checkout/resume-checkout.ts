import type { PaymentOperationStatus } from "../generated/prisma/enums";
import { type BuyerAction, isOpen } from "../payments";
import type { Context } from "../platform/context";
import { readId } from "../platform/ids";
import type { Authorized } from "./authorize-order";
import { holdsCart } from "./cart/cart-access";
import { refuseCheckout } from "./checkout.refusals";
import { askForAction, resumeOperation, settleOperation } from "./settle/settle-operation";

type Attempt = {
  orderId: string;
  paymentId: string;
  operationId: string;
  status: PaymentOperationStatus;
  due: boolean;
};

/**
 * Takes the checkout of a cart further, for who holds the cart: asks the provider what became of the attempt that is open, and advances the
 * order by what it says. Nothing is charged that checkout didn't ask for.
 * @returns what there is now, and what the buyer has to do
 * @throws CART_NOT_FOUND, also for somebody else's; NOTHING_TO_RESUME when it was never checked out
 */
export async function resumeCheckout(ctx: Context, cartId: string): Promise<Authorized> {
  const id = readId("cart", cartId);
  const cart =
    id && (await ctx.db.cart.findUnique({ where: { id }, select: { accountId: true, state: true } }));
  if (!cart || !holdsCart(ctx, cart)) throw refuseCheckout("CART_NOT_FOUND", "cartId");
  const attempt = await findAttempt(ctx, id);
  if (!attempt) throw refuseCheckout("NOTHING_TO_RESUME", "cartId");
  const { status, due, ...outcome } = attempt;
  return { outcome, nextAction: isOpen(status) ? await takeFurther(ctx, outcome.operationId, due) : null };
}

async function takeFurther(ctx: Context, operationUuid: string, due: boolean): Promise<BuyerAction | null> {
  if (!due) return resumeOperation(ctx, operationUuid);
  await settleOperation(ctx, operationUuid);
  return askForAction(ctx, operationUuid);
}

/** The attempt that pays for a cart's order, else the latest; null when there was none. `due`: nobody has it any more. */
async function findAttempt({ db, clock }: Context, cartUuid: string): Promise<Attempt | null> {
  const [found] = await db.$queryRaw<Attempt[]>`
    SELECT op.order_id::text AS "orderId", op.payment_id::text AS "paymentId", op.id::text AS "operationId", op.status::text AS "status",
      op.lease_until <= ${clock.now()}::timestamptz AS "due"
    FROM orders o JOIN payments p ON p.order_id = o.id JOIN payment_operations op ON op.payment_id = p.id AND op.kind = 'AUTHORIZE'
    WHERE o.cart_id = ${cartUuid}::uuid
    ORDER BY NOT p.surplus AND EXISTS (SELECT FROM payment_operations paid
        WHERE paid.payment_id = p.id AND paid.kind = 'AUTHORIZE' AND paid.status = 'SUCCEEDED') DESC,
      p.created_at DESC, p.id DESC, op.created_at, op.id
    LIMIT 1`;
  return found ?? null;
}
