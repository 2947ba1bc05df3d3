import { heldVariant } from "../../catalog";
import { totalsOf } from "../../orders";
import type { Context } from "../../platform/context";
import { toId } from "../../platform/ids";
import { money } from "../../platform/types";
import { holdsCart } from "./cart-access";
import type { PricedCart, PricedDelivery } from "./priced-cart";
import { readActiveCart, readCart } from "./read-cart";

/** The cart as the schema shows it, or null when there is none for this caller. */
export async function findCart(ctx: Context, uuid: string) {
  const cart = await readCart(ctx, ctx.db, uuid);
  return cart && holdsCart(ctx, cart) ? toCartNode(cart) : null;
}

/** The cart that the account is filling, if it is the caller's own. */
export async function findActiveCart(ctx: Context, accountUuid: string) {
  const cart = await readActiveCart(ctx, ctx.db, accountUuid);
  return cart && holdsCart(ctx, cart) ? toCartNode(cart) : null;
}

export type CartNode = ReturnType<typeof toCartNode>;

/** A cart as the schema shows it, to who may see it. What is made of many parts is made when it is asked for. */
export function toCartNode(cart: PricedCart) {
  const { uuid, currency } = cart;
  return {
    __typename: "Cart" as const,
    id: toId("cart", uuid),
    uuid,
    accountId: cart.accountId,
    state: cart.state,
    orderUuid: cart.orderUuid,
    currency,
    updatedAt: cart.updatedAt,
    email: () => cart.email,
    shippingAddress: () => cart.shippingAddress,
    billingAddress: () => cart.billingAddress,
    blockers: () => cart.blockers,
    lines: () =>
      cart.lines.map((line) => ({
        id: toId("line", line.uuid),
        variant: heldVariant({ uuid: line.variantUuid, sku: line.sku, title: line.variantTitle }),
        quantity: line.quantity,
        unitPrice: money(line.unitAmount, currency),
        total: money(line.total, currency),
      })),
    deliveryOptions: () => cart.deliveryOptions.map((option) => deliveryOf(option, currency)),
    delivery: cart.delivery && deliveryOf(cart.delivery, currency),
    totals: () => totalsOf(cart.totals, currency),
    warnings: () =>
      cart.warnings.map(({ code, message, lineUuid }) => ({ code, message, lineId: toId("line", lineUuid) })),
  };
}

const deliveryOf = ({ handle, title, amount }: PricedDelivery, currency: string) => ({
  handle,
  title,
  price: money(amount, currency),
});
