import { randomBytes } from "node:crypto";
import pg from "pg";
import { createPlatform } from "../../../src/app";
import { readConfig } from "../../../src/platform/config";
import { createLog } from "../../../src/platform/log";
import { asker, type TestApp } from "../../support/app";
import { aProduct, aZone } from "../../support/builders";
import { movableClock } from "../../support/clock";
import { aPerson } from "../../support/person";
import { temporaryFolder } from "../../support/server-process";
import { createTestDatabase } from "../../support/test-database";
import { type Person, signedInAgain } from "../people";
import { type FaultyServer, startFaultyServer } from "./faulty-server";

/** Long enough for a provider in the same process, also beside a busy neighbour. */
const PROVIDER_LIMIT_MS = 1_500;

/** A shop whose server dies again and again: what outlives it. */
export async function aCrashingShop() {
  const [database, folder] = [await createTestDatabase(), await temporaryFolder()];
  const settings: Record<string, string> = {
    ...{ NODE_ENV: "production", SANDBOX_PAYMENTS: "true", HOST: "127.0.0.1", PORT: "0", BCRYPT_COST: "10" },
    MASTER_KEY: randomBytes(32).toString("base64"),
    TOKEN_SECRET: randomBytes(32).toString("hex"),
    ...{ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl, DATA_DIR: folder.path },
    ...{ LOG_LEVEL: "silent", PAYMENT_TIMEOUT_MS: String(PROVIDER_LIMIT_MS) },
  };
  const clock = movableClock();
  const platform = createPlatform(readConfig(settings), { clock, log: createLog("silent") });
  const owner = new pg.Client({ connectionString: database.ownerUrl }); // the queue's tables are the owner's alone
  await owner.connect();
  let staff: Person | null = null;
  let movedMs = 0;
  let server: FaultyServer | null = null;
  await aZone(platform.db);
  const product = await aProduct(platform.db, { stock: 100_000 });

  return {
    platform,
    folder: folder.path,
    variantId: product.variant.id,
    /** Starts the server again, with the clock where it was. Money is taken at once, or when staff say so. */
    async start(capture: "automatic" | "manual"): Promise<FaultyServer> {
      server = await startFaultyServer({ ...settings, PAYMENT_CAPTURE: capture }, movedMs);
      return server;
    },
    /** Moves the clocks of the server and of whoever looks into its database. */
    async advance(to: FaultyServer, milliseconds: number) {
      movedMs += milliseconds;
      clock.advance(milliseconds);
      await to.order("advance", milliseconds);
    },
    /** The orders that mails are queued for. */
    async queuedMails() {
      const { rows } = await owner.query<{ id: string }>(
        "SELECT payload ->> 'orderId' AS id FROM graphile_worker._private_jobs WHERE payload ->> 'orderId' IS NOT NULL",
      );
      return rows.map(({ id }) => id);
    },
    /** One of the staff, with an access token that works now. */
    async signStaffIn({ url }: FaultyServer): Promise<Person> {
      staff ??= await aPerson({ ask: asker(url), db: platform.db } as TestApp, "STAFF");
      await signedInAgain(asker(url), clock, staff);
      return staff;
    },
    async close() {
      await server?.end();
      await owner.end();
      await platform.db.$disconnect();
      await database.drop();
      folder.remove();
    },
  };
}
export type CrashingShop = Awaited<ReturnType<typeof aCrashingShop>>;
