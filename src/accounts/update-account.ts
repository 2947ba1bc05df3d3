import type { Platform } from "../platform/context";
import { type Sql, transact } from "../platform/database";
import { emit } from "../platform/outbox";
import { namePlace } from "./account.rows";
import { accountKey } from "./account-key";
import { readName } from "./read-name";

/**
 * Changes what an account says of itself; a field left out stays, null removes it.
 * @throws NAME_INVALID
 */
export function updateAccount(
  platform: Platform,
  sql: Sql,
  accountId: string,
  ask: { name?: string | null },
) {
  const name = readName(ask.name);
  return transact(sql, async (tx) => {
    if (ask.name === undefined) return;
    const now = platform.clock.now();
    const key = await accountKey(platform, tx, accountId);
    const nameCipher = name === null ? null : platform.vault.seal(key, namePlace(accountId), name);
    await tx.account.update({
      where: { id: accountId },
      data: { nameCipher, updatedAt: now, version: { increment: 1 } },
    });
    await emit(tx, now, { type: "account.updated", subjectType: "account", subjectId: accountId });
  });
}
