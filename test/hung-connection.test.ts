import { setTimeout as wait } from "node:timers/promises";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct } from "./support/builders";
import { holdTable } from "./support/hold-table";
import { aPerson } from "./support/person";

// Look-ups are shared between requests (coalesce.ts). One connection whose other end is gone without a word must not stop them all.
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ RESPONSE_CACHE_MB: "0" });
});
afterAll(() => app.close());

/** The process of PostgreSQL that serves whoever asks is stopped in the middle of reading `table`; `release` lets it run again. */
async function hangUp(table: string, ask: () => Promise<unknown>) {
  const held = await holdTable(app.database, table);
  const hanging = ask();
  while ((await held.waiting()) < 1) await wait(5);
  const [{ pid }] = await app.db.$queryRaw<[{ pid: number }]>`
    SELECT pid FROM pg_locks WHERE NOT granted AND relation = ${table}::regclass
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  process.kill(pid, "SIGSTOP");
  await held.release();
  return async () => {
    process.kill(pid, "SIGCONT");
    await hanging;
  };
}

/** Milliseconds until `ask` is answered well. */
async function takes(ask: () => ReturnType<TestApp["ask"]>) {
  const began = performance.now();
  expect((await ask()).status).toBe(200);
  return performance.now() - began;
}

test("those who are signed in go on while the look-up of one of them hangs", async () => {
  const [one, other] = [await aPerson(app), await aPerson(app)];
  const asks = (token: string) => () => app.ask(token, "{ me { id } }");
  const goOn = await hangUp("sessions", asks(one.token));
  try {
    expect(await takes(asks(other.token))).toBeLessThan(2_000);
    expect(await takes(asks(other.token))).toBeLessThan(500);
  } finally {
    await goOn();
  }
});

test("products are shown while the reading of one hangs", async () => {
  await aProduct(app.db);
  const { handle } = await app.db.product.findFirstOrThrow({ select: { handle: true } });
  const asks = () =>
    app.ask(null, "query($handle: String!) { productByHandle(handle: $handle) { tags } }", { handle });
  const goOn = await hangUp("product_documents", asks);
  try {
    expect(await takes(asks)).toBeLessThan(2_000);
  } finally {
    await goOn();
  }
});
