import type { Platform } from "../platform/context";
import type { MailTemplate } from "../platform/mail";
import { toDecimal } from "../platform/money";
import { orderToken } from "./order-key";
import type { OrderNode } from "./order-node";
import { findOrders } from "./read-order";

type Letter = { subject: string; lines: string[] };

/** A mail to an order's buyer, from what the database holds now. Nothing for an erased person. Payload: orderId, a uuid, and what `write` takes. */
const toBuyer =
  (write: (platform: Platform, order: OrderNode, payload: Record<string, string>) => Letter | null) =>
  async (platform: Platform, payload: Record<string, string>) => {
    const [order] = await findOrders(platform, payload.orderId ? [payload.orderId] : []);
    const to = order?.email();
    const letter = order && to ? write(platform, order, payload) : null;
    if (!to || !letter) return null;
    const { subject, lines } = letter;
    return { to, subject: `${platform.config.shop.name}: ${subject}`, text: `${lines.join("\n")}\n` };
  };

/** What was bought, and the key to look at it again. */
const orderConfirmation = toBuyer((platform, order) => ({
  subject: `your order ${order.number}`,
  lines: [
    `Thank you for your order ${order.number}.`,
    "",
    ...order.lines.map((line) => `${line.quantity} × ${line.title}: ${price(line.total)}`),
    ...(order.delivery ? [`${order.delivery.title}: ${price(order.delivery.price)}`] : []),
    `Total: ${price(order.totals.total)}`,
    "",
    ...keyOf(platform, order),
  ],
}));

const orderCancelled = toBuyer((platform, order) => ({
  subject: `your order ${order.number} is cancelled`,
  lines: [
    `Your order ${order.number} is cancelled.`,
    "What was paid for it is given back; we write again when it is on its way.",
    "",
    ...keyOf(platform, order),
  ],
}));

/** Payload: also operationId, the refund's uuid. */
const refund = toBuyer((platform, order, { operationId }) => {
  const operations = order.payments.flatMap((payment) => payment.operations);
  const given = operations.find(({ uuid }) => uuid === operationId);
  return given
    ? {
        subject: `a refund for your order ${order.number}`,
        lines: [
          `We have given back ${price(given.amount)} of your order ${order.number}, the way it was paid.`,
          "It can take a few days until your bank shows it.",
          "",
          ...keyOf(platform, order),
        ],
      }
    : null;
});

const price = ({ amount, currency }: { amount: bigint; currency: string }) =>
  `${toDecimal({ amount, currency })} ${currency}`;

function keyOf({ vault, config }: Platform, order: OrderNode): string[] {
  const token = orderToken(vault, order);
  const link = config.shop.url === null ? [] : [`${config.shop.url}/order?token=${token}`];
  return [...link, `The key to your order: ${token}`];
}

export const ordersMails: Record<string, MailTemplate> = {
  "order-confirmation": orderConfirmation,
  "order-cancelled": orderCancelled,
  refund,
};
