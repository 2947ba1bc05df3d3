import { Prisma } from "../generated/prisma/client";
import type { Tx } from "../platform/database";

/** SQL for the uuid of the order that is meant. */
export const orderOfOperation = (uuid: string) =>
  Prisma.sql`SELECT order_id FROM payment_operations WHERE id = ${uuid}::uuid`;
export const orderOfPayment = (uuid: string) =>
  Prisma.sql`SELECT order_id FROM payments WHERE id = ${uuid}::uuid`;
export const theOrder = (uuid: string) => Prisma.sql`SELECT ${uuid}::uuid`;

/**
 * Locks an order until the transaction ends, its cart first, as everybody does who writes to either: nobody waits in a circle.
 * `waits` false: only when nobody else has it. @returns whether it is locked
 */
export async function lockOrder(tx: Tx, order: Prisma.Sql, { waits = true } = {}): Promise<boolean> {
  const skip = waits ? Prisma.empty : Prisma.sql`SKIP LOCKED`;
  const locked = await tx.$queryRaw<object[]>`
    WITH cart AS MATERIALIZED (
      SELECT id FROM carts WHERE id = (SELECT cart_id FROM orders WHERE id = (${order})) FOR NO KEY UPDATE ${skip})
    SELECT o.id FROM cart JOIN orders o ON o.cart_id = cart.id FOR NO KEY UPDATE OF o ${skip}`;
  return locked.length > 0;
}
