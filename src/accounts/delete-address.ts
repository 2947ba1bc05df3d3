import type { Platform } from "../platform/context";
import { type Sql, transact } from "../platform/database";
import { readId } from "../platform/ids";
import { emit } from "../platform/outbox";
import { refuse } from "./accounts.refusals";
import { lockAddresses } from "./lock-addresses";

/**
 * Removes an address from an account; orders keep their own copy. When it was the default one, the oldest of the others becomes it.
 * @returns its uuid
 * @throws NOT_FOUND at ["id"], for a foreign one too
 */
export function deleteAddress(platform: Platform, sql: Sql, accountId: string, id: string): Promise<string> {
  const uuid = readId("addr", id);
  if (uuid === null) throw refuse("NOT_FOUND", "id");
  return transact(sql, async (tx) => {
    const mine = await lockAddresses(tx, accountId);
    const gone = mine.find((one) => one.id === uuid);
    if (!gone) throw refuse("NOT_FOUND", "id");
    const now = platform.clock.now();
    await tx.address.delete({ where: { id: uuid } });
    const heir = mine.find((one) => one.id !== uuid);
    if (gone.isDefault && heir)
      await tx.address.update({ where: { id: heir.id }, data: { isDefault: true, updatedAt: now } });
    await emit(tx, now, {
      type: "account.address_deleted",
      subjectType: "account",
      subjectId: accountId,
      data: { addressId: uuid },
    });
    return uuid;
  });
}
