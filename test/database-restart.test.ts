import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startEmbeddedPostgres } from "../src/platform/embedded-postgres";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, resultOf } from "./support/checkouts";
import { readTestConfig } from "./support/config";
import { aLineTo } from "./support/line";
import { isAlive, postmasterOf, startServer, temporaryFolder } from "./support/server-process";

jest.setTimeout(60_000);

const LIST = "{ products(first: 5) { nodes { id } } }";
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let postgres: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
let line: Awaited<ReturnType<typeof aLineTo>>;
let app: TestApp;

const settings = { fsync: "off", shared_buffers: "32MB" }; // what was answered outlives a crash of PostgreSQL, not of the machine
const dataDir = () => join(folder.path, "data");
const start = () => startEmbeddedPostgres({ dataDir: dataDir(), settings });

beforeAll(async () => {
  folder = await temporaryFolder();
  const { security } = readTestConfig();
  const secrets = { MASTER_KEY: security.masterKey.toString("base64"), TOKEN_SECRET: security.tokenSecret };
  const settler = await startServer({ NODE_ENV: "production", DATA_DIR: dataDir(), ...secrets });
  await settler.end("SIGTERM"); // it has migrated what it leaves behind
  postgres = await start();
  line = await aLineTo(postgres.url);
  app = await startTestApp({
    RESPONSE_CACHE_MB: "0",
    DATABASE_URL: line.through(postgres.url),
    DATABASE_OWNER_URL: line.through(postgres.ownerUrl),
  });
  await aZone(app.db);
});
afterAll(async () => {
  await app.close();
  await line.cut();
  await postgres.stop();
  folder.remove();
});

/** Asks without a pause until told to end; every answer with its time. */
function keepAsking() {
  let asking = true;
  const answers: { status: number; ms: number }[] = [];
  const one = async () => {
    while (asking) {
      const started = performance.now();
      const { status } = await app.ask(null, LIST);
      answers.push({ status, ms: performance.now() - started });
      await wait(20);
    }
  };
  const all = Promise.all(Array.from({ length: 8 }, one));
  return async () => {
    asking = false;
    await all;
    return answers;
  };
}

test.each([
  ["is restarted", "SIGINT"],
  ["crashes", "SIGQUIT"],
] as const)(
  "PostgreSQL %s: 503 within three seconds while it is away, all as before when it is back",
  async (_what, signal) => {
    const { variant } = await aProduct(app.db, { stock: 50 });
    const cart = await aFullCart(app.ask, null, { variantId: variant.id });
    const stopAsking = keepAsking();
    await wait(300);
    const postmaster = postmasterOf(dataDir());
    process.kill(postmaster ?? 0, signal);
    while (isAlive(postmaster)) await wait(20);
    expect((await checkOut(app.ask, cart)).status).toBe(503);
    await wait(1_000);
    postgres = await start();
    line.leadTo(postgres.url);
    const back = performance.now();
    while ((await fetch(new URL("/readyz", app.url))).status !== 200) await wait(20);
    expect(performance.now() - back).toBeLessThan(3_000);
    const answers = await stopAsking();
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(3_000);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
    expect((await app.ask(null, LIST)).status).toBe(200);
    expect(resultOf(await checkOut(app.ask, cart))).toBe("OK");
  },
);
