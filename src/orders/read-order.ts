import { Prisma } from "../generated/prisma/client";
import type { Context, Platform } from "../platform/context";
import { load } from "../platform/loaders";
import { type StoredOrder, selectOrders } from "./order.rows";
import { readOrderToken } from "./order-key";
import { type OrderNode, toOrder } from "./order-node";
import { mayReadOrder } from "./orders.rules";

/**
 * The order with this uuid, with its lines, events and payments, or null. Loaded together with all others of the tick, in one
 * statement. Says nothing of who may see it: the rule of its type does, see admitOrder.
 */
export const readOrder = (ctx: Context, uuid: string) => load(ctx, ordersById, uuid);

async function ordersById(ctx: Context, uuids: readonly string[]) {
  const [only, ...others] = uuids;
  // A list of unknown length is planned anew each time; one key, by far the most frequent case, is planned once.
  const which = others.length === 0 ? Prisma.sql`id = ${only}::uuid` : Prisma.sql`id = ANY(${uuids}::uuid[])`;
  const orders = Prisma.sql`SELECT * FROM orders WHERE ${which}`;
  return new Map((await findOrders(ctx, orders)).map((order) => [order.uuid, order]));
}

/** The orders of a sub-select of the table's rows, newest first. */
export async function findOrders(
  { db, vault }: Pick<Platform, "db" | "vault">,
  orders: Prisma.Sql,
): Promise<OrderNode[]> {
  const found = await db.$queryRaw<{ order: StoredOrder }[]>(selectOrders(orders));
  return found.map(({ order }) => toOrder(vault, order));
}

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
