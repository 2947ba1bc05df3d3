import type { ClientBase } from "pg";

const LATER = "now() + interval '100 years'";

/**
 * Puts off what is under way in a filled shop (fillShop): seven of each thousand payments, carts' reservations and orders that nobody paid, all of it overdue
 * at once. A real shop with a million orders has some dozens of them; the servers of a filled one would be busy with nothing else for long.
 */
export async function putOff(owner: ClientBase): Promise<void> {
  await owner.query(`
    UPDATE payment_operations SET lease_until = ${LATER} WHERE status IN ('PENDING', 'ACTION_REQUIRED', 'UNKNOWN');
    UPDATE reservations SET expires_at = ${LATER} WHERE state = 'HELD';
    UPDATE orders SET updated_at = ${LATER} WHERE status = 'PENDING';
    UPDATE payments SET checked_at = ${LATER} WHERE authorized > captured + voided + capturing + voiding`);
}
