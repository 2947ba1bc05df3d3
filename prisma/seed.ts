import type { Platform } from "../src/platform/context";
import { type Tx, transact } from "../src/platform/database";
import { LOGINS, PASSWORD, seedAccounts } from "./demo/seed-accounts";
import { seedCatalog } from "./demo/seed-catalog";
import { seedDelivery } from "./demo/seed-delivery";

export { refuseDemoLogins } from "./demo/seed-accounts";

/**
 * Fills an empty shop with goods, delivery zones and logins to try it with; each of the three only where there is none of it
 * yet, so that a shop with data of its own stays as it is. Never called in production.
 * @returns the logins and their password, for the start-up banner; null where the shop has accounts of its own instead
 */
export async function seedDemo(platform: Platform): Promise<{ password: string; logins: string[] } | null> {
  await transact(platform.db, async (tx) => {
    await lockSeed(tx);
    if ((await tx.deliveryZone.count()) === 0) await seedDelivery(tx);
    const goods = (await tx.product.count()) + (await tx.collection.count());
    if (goods === 0) await seedCatalog(platform, tx);
  });
  return (await seedAccounts(platform)) ? { password: PASSWORD, logins: LOGINS } : null;
}

/** Of two servers that start at once on one database, the second waits and finds the shop filled. */
async function lockSeed(tx: Tx) {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('seed'))`;
}
