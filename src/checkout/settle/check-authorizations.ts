import { Prisma } from "../../generated/prisma/client";
import { DAY, later } from "../../platform/clock";
import type { Platform } from "../../platform/context";
import { confirmAuthorization } from "./settle-operation";
import { sweepEach } from "./sweep-each";

/** Authorisations end by themselves after about a week; younger ones stand. */
const OLD_MS = 6 * DAY;
const AGAIN_AFTER_MS = DAY;
/** As many as a round takes; the next one comes soon. */
const MOST_A_ROUND = 100;

/**
 * Asks providers whether authorisations that are old and not captured in full still stand, each at most once a day and by one server: what
 * has ended is booked as a void. @returns how many were due
 */
export async function checkAuthorizations(platform: Platform, stopping?: AbortSignal): Promise<number> {
  const due = await platform.db.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM payments WHERE ${isDue(platform)} ORDER BY created_at LIMIT ${MOST_A_ROUND}::int`;
  await sweepEach(platform, due, checkAuthorizationOf, stopping);
  return due.length;
}

async function checkAuthorizationOf(platform: Platform, paymentUuid: string): Promise<void> {
  const [taken] = await platform.db.$queryRaw<{ operationUuid: string }[]>`
    UPDATE payments SET checked_at = ${platform.clock.now()}::timestamptz FROM payment_operations op
    WHERE payments.id = ${paymentUuid}::uuid AND ${isDue(platform)}
      AND op.payment_id = payments.id AND op.kind = 'AUTHORIZE' AND op.status = 'SUCCEEDED'
    RETURNING op.id::text AS "operationUuid"`;
  if (taken) await confirmAuthorization(platform, taken.operationUuid);
}

/** SQL: a payment may have lapsed, and nobody has looked lately. */
function isDue({ clock }: Pick<Platform, "clock">): Prisma.Sql {
  const now = clock.now();
  return Prisma.sql`authorized > captured + voided + capturing + voiding
    AND payments.created_at <= ${later(now, -OLD_MS)}::timestamptz
    AND (checked_at IS NULL OR checked_at <= ${later(now, -AGAIN_AFTER_MS)}::timestamptz)`;
}
