import { Prisma } from "../../generated/prisma/client";
import { LEASE_MS, lockOrder, theOrder } from "../../payments";
import { later } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import { transact } from "../../platform/database";
import { releasedStock } from "../advance/released-stock.sql";
import { sweepEach } from "./sweep-each";

/** As many as a round takes; the next one comes soon. */
const MOST_A_ROUND = 100;

/**
 * Sets stock free that was held for buyers whose time is over while nobody knows whether they paid: should their money come after all, it is
 * taken again, or the money given back. Several servers may do so at once; each order is taken by one. @returns how many orders there were
 */
export async function expireReservations(platform: Platform, stopping?: AbortSignal): Promise<number> {
  const due = await platform.db.$queryRaw<{ id: string }[]>`
    SELECT r.order_id::text AS id FROM reservations r WHERE ${isOver(platform)}
    GROUP BY r.order_id ORDER BY min(r.expires_at) LIMIT ${MOST_A_ROUND}::int`;
  await sweepEach(platform, due, expireReservationsOf, stopping);
  return due.length;
}

const expireReservationsOf = (platform: Platform, orderUuid: string) =>
  transact(platform.db, async (tx) => {
    if (!(await lockOrder(tx, theOrder(orderUuid), { waits: false }))) return;
    const [still] = await tx.$queryRaw<object[]>`
      SELECT r.id::text FROM reservations r WHERE r.order_id = ${orderUuid}::uuid AND ${isOver(platform)} LIMIT 1`;
    if (!still) return;
    const at = platform.clock.now();
    await tx.$executeRaw`WITH ${releasedStock(orderUuid, at, { from: ["HELD"], to: "EXPIRED" })} SELECT 1`;
    await platform.reached("expiry.expiring");
  });

/** SQL: what r holds is over, and nobody is just hearing from the provider, which takes no longer than a lease. */
function isOver({ clock }: Pick<Platform, "clock">): Prisma.Sql {
  const now = clock.now();
  return Prisma.sql`r.state = 'HELD' AND r.expires_at <= ${now}::timestamptz AND NOT EXISTS (
    SELECT FROM payment_operations op WHERE op.order_id = r.order_id AND op.kind = 'AUTHORIZE' AND op.status = 'PENDING'
      AND op.updated_at > ${later(now, -LEASE_MS)}::timestamptz)`;
}
