import { Prisma } from "../../generated/prisma/client";
import { movedOrder } from "../../orders";
import { lockOrder, theOrder } from "../../payments";
import { DAY, later } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import { transact } from "../../platform/database";
import { releasedStock } from "../advance/released-stock.sql";
import { sweepEach } from "./sweep-each";

/** How long an order that nobody pays stays PENDING: a buyer who was declined in the evening finds it in the morning. */
export const ORDER_LIFE_MS = DAY;
/** As many as a round takes; the next one comes soon. */
const MOST_A_ROUND = 100;

/**
 * Expires orders that were not paid in time: PENDING ones for which no provider is being asked anything and that hold no money. Their carts
 * can be checked out again. Several servers may do so at once; each order is taken by one. @returns how many there were
 */
export async function expireOrders(platform: Platform, stopping?: AbortSignal): Promise<number> {
  const due = await platform.db.$queryRaw<{ id: string }[]>`
    SELECT o.id::text FROM orders o WHERE ${isUnpaid(platform)} ORDER BY o.placed_at LIMIT ${MOST_A_ROUND}::int`;
  await sweepEach(platform, due, expireOrder, stopping);
  return due.length;
}

const expireOrder = (platform: Platform, orderUuid: string) =>
  transact(platform.db, async (tx) => {
    if (!(await lockOrder(tx, theOrder(orderUuid), { waits: false }))) return;
    const [still] = await tx.$queryRaw<object[]>`
      SELECT o.id::text FROM orders o WHERE o.id = ${orderUuid}::uuid AND ${isUnpaid(platform)}`;
    if (!still) return;
    const at = platform.clock.now();
    await tx.$executeRaw`
      WITH ${movedOrder(orderUuid, "expire", at)}, ${releasedStock(orderUuid, at, { from: ["HELD"], to: "EXPIRED" })}
      UPDATE carts SET version = version + 1 WHERE id = (SELECT cart_id FROM orders WHERE id = ${orderUuid}::uuid)`;
    await platform.reached("expiry.expiring");
  });

/** SQL: o was not paid in time. */
function isUnpaid({ clock }: Pick<Platform, "clock">): Prisma.Sql {
  const before = later(clock.now(), -ORDER_LIFE_MS);
  return Prisma.sql`o.status = 'PENDING' AND o.placed_at <= ${before}::timestamptz AND o.updated_at <= ${before}::timestamptz
    AND NOT EXISTS (SELECT FROM payment_operations op
      WHERE op.order_id = o.id AND op.status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN'))
    AND NOT EXISTS (SELECT FROM payments p WHERE p.order_id = o.id AND p.authorized > p.voided + p.refunded)`;
}
