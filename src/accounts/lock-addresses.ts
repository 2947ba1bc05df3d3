import type { Tx } from "../platform/database";

/** An account's addresses, oldest first, under a lock on the account: who changes one sees what the one before left. */
export async function lockAddresses(tx: Tx, accountId: string) {
  await tx.$queryRaw`SELECT id FROM accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`;
  return tx.address.findMany({
    where: { accountId },
    select: { id: true, isDefault: true },
    orderBy: { id: "asc" },
  });
}
