import { Prisma } from "../generated/prisma/client";
import type { Context, Platform } from "../platform/context";
import { load } from "../platform/loaders";
import type { Vault } from "../platform/vault";
import { type StoredOrder, selectOrders } from "./order.rows";
import { type OrderNode, toOrder } from "./order-node";
import { mayReadOrder } from "./orders.rules";

/**
 * The order with this uuid, with its lines, events and payments, or null. Loaded together with all others of the tick, in one
 * statement. Says nothing of who may see it: the rule of its type does, see admitOrder.
 */
export const readOrder = (ctx: Context, uuid: string) => load(ctx, ordersById, uuid);

async function ordersById(ctx: Context, uuids: readonly string[]) {
  const orders = Prisma.sql`SELECT * FROM orders WHERE id = ANY(${uuids}::uuid[])`;
  return new Map((await findOrders(ctx, orders)).map((order) => [order.uuid, order]));
}

/** The orders of a sub-select of the table's rows, newest first. */
export async function findOrders(
  { db, vault }: Pick<Platform, "db" | "vault">,
  orders: Prisma.Sql,
): Promise<OrderNode[]> {
  const found = await db.$queryRaw<StoredOrder[]>(selectOrders(orders));
  return found.map((stored) => toOrder(vault, stored));
}

/** The order if it is this caller's to see, else null. */
export async function findOrder(ctx: Context, uuid: string): Promise<OrderNode | null> {
  const order = await readOrder(ctx, uuid);
  return order && mayReadOrder(ctx, order) ? order : null;
}

/** Lets this request see the order: the caller has shown its key. */
export const admitOrder = (ctx: Context, uuid: string) => void ctx.admitted.add(uuid);

/** A guest's key to an order, the same each time it is asked for. */
export const orderToken = (vault: Vault, uuid: string) => vault.signedToken("order", uuid);

/** The uuid of the order that a token is the key to, or null for anything that isn't such a token. */
export const readOrderToken = (vault: Vault, token: string) => vault.readSignedToken("order", token);
