import { randomBytes } from "node:crypto";
import { type App, createApp, type Overrides } from "../../../src/app";
import type { Platform } from "../../../src/platform/context";
import { createLog } from "../../../src/platform/log";
import { asker, type TestApp } from "../../support/app";
import { aProduct, aZone } from "../../support/builders";
import { readTestConfig } from "../../support/config";
import { aPerson } from "../../support/person";
import { createTestDatabase } from "../../support/test-database";
import { virtualClock } from "./virtual-clock";

/** The goods of every history: plenty of one, some, and a few. */
const STOCK = [40, 8, 3];

/** What all histories begin with, made once: a shop with a few goods, one of its staff, and a buyer with an account. */
export async function setTheStage() {
  const secrets = {
    MASTER_KEY: randomBytes(32).toString("base64"),
    TOKEN_SECRET: randomBytes(32).toString("hex"),
  };
  const open = (url: string, ownerUrl: string, capture: string, overrides: Overrides): Promise<App> =>
    createApp(
      readTestConfig({
        ...secrets,
        DATABASE_URL: url,
        DATABASE_OWNER_URL: ownerUrl,
        DATABASE_POOL: "5",
        PAYMENT_CAPTURE: capture,
      }),
      { log: createLog(process.env.TEST_LOG_LEVEL ?? "silent"), ...overrides },
    );
  const filled = await createTestDatabase();
  const app = await open(filled.url, filled.ownerUrl, "manual", { clock: virtualClock() });
  const { db } = app.platform;
  const guest = { ask: asker(await app.listen()), db } as TestApp;
  await aZone(db);
  const variants: { id: string; uuid: string }[] = [];
  for (const stock of STOCK) variants.push((await aProduct(db, { stock })).variant);
  const people = { staff: await aPerson(guest, "STAFF"), buyer: await aPerson(guest) };
  await app.close();
  let next = createTestDatabase(filled); // made while the history before is still told

  return {
    variants,
    people,
    async strike() {
      await (await next).drop();
      await filled.drop();
    },
    /** A database that is as described, and two servers on it. */
    async raise(capture: string, overrides: Overrides) {
      const database = await next;
      next = createTestDatabase(filled);
      const apps = [
        await open(database.url, database.ownerUrl, capture, overrides),
        await open(database.url, database.ownerUrl, capture, overrides),
      ];
      const servers: { url: string; platform: Platform }[] = [];
      for (const { listen, platform } of apps) servers.push({ url: await listen(), platform });
      return {
        servers,
        async close() {
          for (const { close } of apps) await close();
          await database.drop();
        },
      };
    },
  };
}
export type Stage = Awaited<ReturnType<typeof setTheStage>>;
