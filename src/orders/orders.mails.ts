import { Prisma } from "../generated/prisma/client";
import type { Platform } from "../platform/context";
import type { MailTemplate } from "../platform/mail";
import { toDecimal } from "../platform/money";
import { orderToken } from "./order-key";
import type { OrderNode } from "./order-node";
import { findOrders } from "./read-order";

/** What was bought, and the key to look at it again. Nothing for an erased person. Payload: orderId, a uuid */
const orderConfirmation: MailTemplate = async (platform, { orderId }) => {
  const [order] = await findOrders(
    platform,
    Prisma.sql`SELECT * FROM orders WHERE id = ${orderId ?? ""}::uuid`,
  );
  const to = order?.email();
  if (!order || !to) return null;
  const { name } = platform.config.shop;
  return {
    to,
    subject: `${name}: your order ${order.number}`,
    text: `${textOf(platform, order).join("\n")}\n`,
  };
};

function textOf({ vault, config }: Platform, order: OrderNode): string[] {
  const token = orderToken(vault, order);
  const price = ({ amount, currency }: { amount: bigint; currency: string }) =>
    `${toDecimal({ amount, currency })} ${currency}`;
  const link = config.shop.url === null ? [] : [`${config.shop.url}/order?token=${token}`];
  return [
    `Thank you for your order ${order.number}.`,
    "",
    ...order.lines.map((line) => `${line.quantity} × ${line.title}: ${price(line.total)}`),
    ...(order.delivery ? [`${order.delivery.title}: ${price(order.delivery.price)}`] : []),
    `Total: ${price(order.totals.total)}`,
    "",
    ...link,
    `The key to your order: ${token}`,
  ];
}

export const ordersMails: Record<string, MailTemplate> = { "order-confirmation": orderConfirmation };
