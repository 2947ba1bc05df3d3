import { Prisma } from "../generated/prisma/client";
import type { Context } from "../platform/context";
import { load } from "../platform/loaders";
import type { StoredOrder } from "./order.rows";
import { readOrderToken } from "./order-key";
import { type OrderNode, toOrder } from "./order-node";
import { mayReadOrder } from "./orders.rules";

/**
 * The order with this uuid, with its lines, events and payments, or null. Loaded together with all others of the tick, in one
 * statement. Says nothing of who may see it: the rule of its type does, see admitOrder.
 */
export const readOrder = (ctx: Context, uuid: string) => load(ctx, ordersById, uuid);

async function ordersById({ db, vault }: Context, uuids: readonly string[]) {
  const found = await db.$queryRaw<{ order: StoredOrder | null }[]>`
    SELECT read_order(uuid) AS "order" FROM unnest(${uuids}::uuid[]) uuid`;
  return new Map(found.flatMap(({ order }) => (order ? [[order.uuid, toOrder(vault, order)]] : [])));
}

/** SQL for an order as StoredOrder, as a statement has left it that calls this when it has written. */
export const orderShown = (uuid: string) => Prisma.sql`read_order(${uuid}::uuid)`;

/** The order if it is this caller's to see, else null. */
export async function findOrder(ctx: Context, uuid: string): Promise<OrderNode | null> {
  const order = await readOrder(ctx, uuid);
  return order && mayReadOrder(ctx, order) ? order : null;
}

/** Lets this request see the order: the caller has shown its key. */
export const admitOrder = (ctx: Context, uuid: string) => void ctx.admitted.add(uuid);

/** The order that a token is the key to, which the request may see from now on; null for anything that isn't such a token. */
export async function findOrderByToken(ctx: Context, token: string): Promise<OrderNode | null> {
  const key = readOrderToken(ctx.vault, token);
  const order = key && (await readOrder(ctx, key.uuid));
  if (!order || (order.accountUuid === null) !== key.guests) return null;
  admitOrder(ctx, order.uuid);
  return order;
}
