import pg from "pg";
import { seedDelivery } from "../../prisma/demo/seed-delivery";
import { createPlatform } from "../../src/app";
import { readConfig } from "../../src/platform/config";
import { fillCatalog } from "../catalog/fill-catalog";
import type { ShopData } from "../scenarios/ours";
import type { RawData } from "../scenarios/raw";
import { type Customer, createCustomers, placeOrders, signInAll } from "./customers";
import type { BenchDatabase } from "./postgres";
import { takeSamples } from "./samples";
import { SECRETS, type Server } from "./server";

/** A filled shop's database, reached as the server reaches it. */
export type Shop = {
  owner: pg.Client;
  /** What servers on it are started with */
  settings: Record<string, string>;
  customers: Customer[];
  /** What flows ask about, with tokens that live for a quarter of an hour from now */
  samples(): Promise<{ ours: ShopData; raw: RawData }>;
  /** Up to so many products; see fillCatalog */
  fill(products: number, onProgress?: (products: number) => void): Promise<void>;
  addCustomers(count: number): Promise<void>;
  /** So many orders for each customer, placed through this server */
  addOrders(server: Server, each: number): Promise<void>;
  close(): Promise<void>;
};

/** Opens a migrated database as a shop; one without delivery zones gets the demo shop's. */
export async function openShop(database: BenchDatabase, about: { manyWords: boolean }): Promise<Shop> {
  const settings = { DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl };
  const config = readConfig({
    ...SECRETS,
    ...settings,
    NODE_ENV: "production",
    LOG_LEVEL: "error",
    SANDBOX_PAYMENTS: "true",
  });
  const platform = createPlatform(config);
  const { db } = platform;
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  if ((await db.deliveryZone.count()) === 0) await seedDelivery(db);
  const customers: Customer[] = [];
  const samples = async () => takeSamples(owner, await signInAll(platform, customers));
  return {
    owner,
    settings,
    customers,
    samples,
    fill: (products, onProgress) =>
      fillCatalog({ owner, db, products, manyWords: about.manyWords, ...(onProgress && { onProgress }) }),
    async addCustomers(count) {
      customers.push(...(await createCustomers(platform, count)));
    },
    async addOrders({ url }, each) {
      const { ours } = await samples();
      await placeOrders(url, await signInAll(platform, customers), ours.variantIds, each);
    },
    async close() {
      await owner.end();
      await db.$disconnect();
    },
  };
}
