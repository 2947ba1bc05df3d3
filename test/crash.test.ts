import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createPlatform } from "../src/app";
import { settleDueOperations } from "../src/checkout/settle/settle-due-operations";
import { SECOND } from "../src/platform/clock";
import { readConfig } from "../src/platform/config";
import { createLog } from "../src/platform/log";
import { asker } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, type ReadyCart, resultOf, tally } from "./support/checkouts";
import { movableClock } from "./support/clock";
import { startServer } from "./support/server-process";
import { createTestDatabase } from "./support/test-database";
import { expectBooksInOrder } from "./support/verify";

jest.setTimeout(120_000); // real processes, started and killed; a fresh database each

const BUYERS = 200;
const STOCK = 50;

/** A production server's settings; it runs as a process of its own, and this process looks into its database. */
async function aServerToKill() {
  const database = await createTestDatabase();
  const settings = {
    NODE_ENV: "production",
    SANDBOX_PAYMENTS: "true",
    MASTER_KEY: randomBytes(32).toString("base64"),
    TOKEN_SECRET: randomBytes(32).toString("hex"),
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    LOG_LEVEL: "silent",
  };
  const clock = movableClock();
  const platform = createPlatform(readConfig(settings), { clock, log: createLog("silent") });
  return { database, settings, clock, platform, start: () => startServer(settings) };
}

let server: Awaited<ReturnType<typeof aServerToKill>>;
beforeEach(async () => {
  server = await aServerToKill();
  await aZone(server.platform.db);
});
afterEach(async () => {
  await server.platform.db.$disconnect();
  await server.database.drop();
});

/** 200 filled carts, each with the key its buyer will use. */
async function buyers(url: string, variantId: string) {
  const made: (ReadyCart & { key: string })[] = [];
  while (made.length < BUYERS) {
    const some = Array.from({ length: 20 }, () => aFullCart(asker(url), null, { variantId }));
    made.push(...(await Promise.all(some)).map((cart) => ({ ...cart, key: randomUUID() })));
  }
  return made;
}

const LOST = "no answer";
type Answered = { result: string; orderId: string | null };

/** Checks out; a connection that dies is an answer nobody got. */
const buy = (url: string, cart: ReadyCart & { key: string }): Promise<Answered> =>
  checkOut(asker(url), cart, { key: cart.key }).then(
    (answer) => ({ result: resultOf(answer), orderId: answer.data?.checkout.order?.id ?? null }),
    () => ({ result: LOST, orderId: null }),
  );

/** The database finishes the statements of a client that died: until then it may still write. */
async function untilQuiet() {
  const busy = () => server.platform.db.$queryRaw<[{ count: number }]>`
    SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`;
  while ((await busy())[0].count > 0) await wait(20);
}

/** When so many orders are in this state the server is killed; few are placed and not yet paid at the same moment. */
const moments = [
  ["while orders are being placed", { status: "PENDING" }, 1],
  ["while payments come in", { status: "OPEN" }, STOCK / 2],
] as const;

test.each(moments)(
  "kill -9 amid 200 buyers, %s: nobody pays twice or for nothing, the rest is sold",
  async (_when, where, count) => {
    const { db } = server.platform;
    const { variant } = await aProduct(db, { stock: STOCK });
    const first = await server.start();
    const carts = await buyers(first.url, variant.id);
    const before = carts.map((cart) => buy(first.url, cart));
    while ((await db.order.count({ where })) < count) await wait(1);
    await first.end("SIGKILL");
    await untilQuiet();
    const seen = await Promise.all(before);
    expect(seen.filter(({ result }) => result === LOST).length).toBeGreaterThan(0);

    server.clock.advance(31 * SECOND); // the leases of the dead run out
    await settleDueOperations(server.platform);
    await expectBooksInOrder(server.platform);
    const open = { status: { in: ["PENDING", "UNKNOWN"] as ("PENDING" | "UNKNOWN")[] } };
    expect(await db.paymentOperation.count({ where: open })).toBe(0);

    const second = await server.start();
    const after = await Promise.all(carts.map((cart) => buy(second.url, cart)));
    expect(await second.end("SIGTERM")).toBe(0);
    expect(tally(after.map(({ result }) => result))).toEqual({ OK: STOCK, OUT_OF_STOCK: BUYERS - STOCK });
    for (const [index, { result, orderId }] of seen.entries())
      if (result === "OK") expect(after[index]).toEqual({ result, orderId }); // what was promised holds
    await expectBooksInOrder(server.platform);
    const [books] = await db.$queryRaw<[object]>`
    SELECT count(*)::int AS charges, count(op.id)::int AS paid, count(DISTINCT op.order_id)::int AS orders
    FROM sandbox.movements c LEFT JOIN payment_operations op
      ON op.idempotency_key = c.key AND op.provider_reference = c.reference AND op.status = 'SUCCEEDED'
    WHERE c.kind = 'AUTHORIZE' AND c.state = 'SUCCEEDED'`;
    expect(books).toEqual({ charges: STOCK, paid: STOCK, orders: STOCK });
  },
);
