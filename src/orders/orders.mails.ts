import { Prisma } from "../generated/prisma/client";
import { type Batch, coalesce } from "../platform/coalesce";
import type { Platform } from "../platform/context";
import type { MailTemplate } from "../platform/mail";
import { toDecimal } from "../platform/money";
import type { Names } from "../platform/selected-names";
import { orderHistory } from "./order.machine";
import { type StoredOrder, selectOrders } from "./order.rows";
import { orderToken } from "./order-key";
import { type OrderNode, toOrder } from "./order-node";

type Letter = { subject: string; lines: string[] };
type Write = (platform: Platform, order: OrderNode, payload: Record<string, string>) => Letter | null;

/**
 * A mail to an order's buyer, from what the database holds now, read together with what other mails are about. Nothing for an erased person.
 * Payload: orderId, a uuid, and what `write` takes.
 * @param fields the order's fields that `write` reads
 */
function toBuyer(fields: string[], write: Write): MailTemplate {
  const batch = ordersWith(new Set(["email", ...fields]));
  return async (platform, payload) => {
    const { orderId = "" } = payload;
    const stored = (await coalesce(platform.db, batch, [orderId])).get(orderId);
    const order = stored && toOrder(platform.vault, stored);
    const to = order?.email();
    const letter = order && to ? write(platform, order, payload) : null;
    if (!to || !letter) return null;
    const { subject, lines } = letter;
    return { to, subject: `${platform.config.shop.name}: ${subject}`, text: `${lines.join("\n")}\n` };
  };
}

/** Orders by uuid, of each what `names` need. */
const ordersWith =
  (names: Names): Batch<StoredOrder> =>
  async (reads, uuids) => {
    const asked = Prisma.sql`SELECT * FROM orders WHERE id = ANY(${uuids}::uuid[])`;
    const [{ orders }] = await reads.$queryRaw<[{ orders: StoredOrder[] | null }]>`
      SELECT (${selectOrders(asked, names)}) AS orders`;
    return new Map((orders ?? []).map((order) => [order.uuid, order]));
  };

/** What was bought, and the key to look at it again. */
const orderConfirmation = toBuyer(["lines", "delivery", "totals"], (platform, order) => ({
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

const orderCancelled = toBuyer(["events", "payments"], (platform, order) => ({
  subject: `your order ${order.number} is cancelled`,
  lines: [
    `Your order ${order.number} is cancelled.`,
    ...(isGivenBack(order)
      ? ["What was paid for it is given back; we write again when it is on its way."]
      : []),
    "",
    ...keyOf(platform, order),
  ],
}));

/** Payload: also operationId, the refund's uuid. */
const refund = toBuyer(["payments"], (platform, order, { operationId }) => {
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

/** Whether its cancellation gives money back: where something captured was left, it was cancelled together with a refund, whatever became of that. */
function isGivenBack({ events, payments }: OrderNode): boolean {
  const cancelled = events.find(({ type }) => type === orderHistory.cancel.type);
  const refunds = payments.flatMap(({ operations }) => operations.filter(({ kind }) => kind === "REFUND"));
  return refunds.some(({ createdAt }) => cancelled && new Date(createdAt) >= new Date(cancelled.at));
}

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
