import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createApp } from "../src/app";
import { createLog } from "../src/platform/log";
import { asker, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, resultOf } from "./support/checkouts";
import { readTestConfig } from "./support/config";
import { aShopkeeper, type Shopkeeper } from "./support/listing";
import { findPostgresPrograms, runOn, startReplicatedPostgres } from "./support/replicated-postgres";
import { expectBooksInOrder } from "./support/verify";

const programs = findPostgresPrograms();
if (!programs)
  process.stderr.write(
    "PostgreSQL's own programs are not installed: reading from a replica is NOT TESTED here\n",
  );

(programs ? describe : describe.skip)("a primary and a streaming replica", () => {
  let servers: Awaited<ReturnType<typeof startReplicatedPostgres>>;
  let app: Pick<TestApp, "ask" | "db" | "platform" | "app">;
  let keeper: Shopkeeper;
  beforeAll(async () => {
    servers = await startReplicatedPostgres(programs ?? "");
    const { primary, replica } = servers;
    const env = { PATH: process.env.PATH, DATABASE_URL: primary.url };
    execFileSync(process.execPath, [resolve("dist/scripts/migrate.js"), "deploy"], { env });
    const config = readTestConfig({
      DATABASE_URL: primary.url,
      DATABASE_OWNER_URL: primary.url,
      DATABASE_REPLICA_URL: replica.url,
      RESPONSE_CACHE_MB: "0", // it would answer in the databases' place
    });
    const made = await createApp(config, { log: createLog("silent") });
    const ask = asker(await made.listen());
    app = { ask, db: made.platform.db, platform: made.platform, app: made };
    keeper = await aShopkeeper(app as TestApp);
    await aZone(app.db);
  }, 60_000);
  afterAll(async () => {
    await expectBooksInOrder(app.platform);
    await app.app.close();
    await servers.stop();
  });

  const titleOf = async (id: string) => {
    const { data, errors } = await app.ask(null, "query($id: ID!) { product(id: $id) { title } }", { id });
    expect(errors).toEqual([]);
    return data.product?.title as string | undefined;
  };
  const replicaReads = async () => {
    const [row] = await runOn<{ reads: number }>(
      servers.replica.url,
      "SELECT (idx_scan + seq_scan)::int AS reads FROM pg_stat_user_tables WHERE relname = 'products'",
    );
    return row?.reads ?? 0;
  };
  /** Reads until the replica answers; it does once it knows what was changed last. */
  async function untilReplicaReads(id: string) {
    const before = await replicaReads();
    while ((await replicaReads()) === before) {
      await titleOf(id);
      await wait(20); // PostgreSQL tells its counts a moment later
    }
  }

  test("the catalogue is read from the replica", async () => {
    const { id } = await keeper.lists({ title: "From afar" });
    await untilReplicaReads(id);
    expect(await titleOf(id)).toBe("From afar");
  });

  test("who writes reads what he wrote, at once, thirty times", async () => {
    const { id } = await keeper.lists({ title: "Round 0" });
    for (let round = 1; round <= 30; round++) {
      await keeper.lists({ id, title: `Round ${round}` });
      expect(await titleOf(id)).toBe(`Round ${round}`);
    }
  });

  test("a replica that lags behind is not asked until it has caught up", async () => {
    const { id } = await keeper.lists({ title: "Before" });
    await untilReplicaReads(id);
    await runOn(servers.replica.url, "SELECT pg_wal_replay_pause()");
    await keeper.lists({ id, title: "After" });
    expect(await titleOf(id)).toBe("After");
    await wait(300);
    expect(await titleOf(id)).toBe("After");
    await runOn(servers.replica.url, "SELECT pg_wal_replay_resume()");
    await untilReplicaReads(id);
    expect(await titleOf(id)).toBe("After");
  });

  test("the buyer of the last piece sees that it was the last", async () => {
    const { variant, id } = await aProduct(app.db, { stock: 1 });
    await untilReplicaReads(id);
    const cart = await aFullCart(app.ask, null, { variantId: variant.id });
    expect(resultOf(await checkOut(app.ask, cart))).toBe("OK");
    const { data } = await app.ask(null, "query($id: ID!) { product(id: $id) { available } }", {
      id,
    });
    expect(data.product).toEqual({ available: false });
  });

  test("without the replica nothing is missed, and it is used again when it is back", async () => {
    const { id } = await keeper.lists({ title: "Alone" });
    await untilReplicaReads(id);
    await servers.replica.stop();
    for (let asked = 0; asked < 20; asked++) expect(await titleOf(id)).toBe("Alone");
    await servers.replica.start();
    await untilReplicaReads(id);
  }, 60_000);
});
