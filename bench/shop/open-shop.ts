import { performance } from "node:perf_hooks";
import pg from "pg";
import { seedDelivery } from "../../prisma/demo/seed-delivery";
import { createPlatform } from "../../src/app";
import { importProducts } from "../../src/catalog";
import { readConfig } from "../../src/platform/config";
import { fillCatalog } from "../catalog/fill-catalog";
import { importFile } from "../catalog/import-file";
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
  countProducts(): Promise<number>;
  /** Imports so many new products. @returns how many a second */
  importProducts(count: number): Promise<number>;
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
  if ((await db.deliveryZone.count()) === 0) await seedDelivery(db);
  await owner.connect();
  const customers: Customer[] = [];
  const samples = async () => takeSamples(owner, await signInAll(platform, customers));
  return {
    owner,
    settings,
    customers,
    samples,
    fill: (products, onProgress) =>
      fillCatalog({ owner, products, manyWords: about.manyWords, ...(onProgress && { onProgress }) }),
    countProducts: () => db.product.count(),
    async importProducts(count) {
      const began = performance.now();
      const { created } = await importProducts(platform, importFile(count, Date.now().toString(36)));
      if (created !== count) throw new Error(`Of ${count} products ${created} were imported`);
      return (count * 1_000) / (performance.now() - began);
    },
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
