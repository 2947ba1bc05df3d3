import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { MINUTE } from "../src/platform/clock";
import { transact } from "../src/platform/database";
import { enqueue } from "../src/platform/outbox";
import { reconcile } from "../src/settlement/reconcile/reconcile";
import { scriptedProvider } from "./support/scripted-provider";
import { startSecondApp } from "./support/second-app";
import { startWebhookShop, type WebhookShop } from "./support/webhook-shop";

let shop: WebhookShop;
beforeEach(async () => {
  shop = await startWebhookShop();
});
afterEach(() => shop.close());

/** What a provider's books have; the test says when there is an end. */
async function* endless(onNext: () => void) {
  for (;;) {
    await wait(5);
    onNext();
    yield {
      key: "payop_x",
      kind: "REFUND" as const,
      amount: 1n,
      currency: "EUR",
      reference: "x",
      at: new Date(),
    };
  }
}

test("a server that stops gives the day's reconciliation up at its next step, and another does it at once", async () => {
  const owner = new pg.Client({ connectionString: shop.app.database.ownerUrl });
  await owner.connect();
  let asked = 0;
  const script = scriptedProvider(shop.clock);
  const provider = Object.assign(script.provider, { movements: () => endless(() => asked++) });
  const leaving = await startSecondApp(shop.app, { providers: [provider] });
  await leaving.startBackground();
  await transact(shop.db, (tx) => enqueue(tx, "reconcile", {}));
  while (asked === 0) await wait(20);
  await leaving.close();
  const jobs = async () => (await owner.query("SELECT * FROM graphile_worker._private_jobs")).rows;
  expect(await jobs()).toMatchObject([
    { attempts: 0, locked_by: null, is_available: true, last_error: null },
  ]);
  await shop.app.app.startBackground();
  while ((await jobs()).length > 0) await wait(20);
  await owner.end();
});

test("no further operation is asked for once it shall stop", async () => {
  for (const _each of [1, 2]) shop.script.calls.delete((await shop.attempt("success")).key);
  shop.clock.advance(2 * MINUTE);
  const stopping = new AbortController();
  const { provider } = shop.script;
  const { lookUp } = provider;
  let lookUps = 0;
  provider.lookUp = (ask) => {
    lookUps++;
    stopping.abort();
    return lookUp(ask);
  };
  const compared = reconcile(shop.platform, 7, () => undefined, stopping.signal);
  const thrown = await compared.catch((error) => error);
  expect(thrown).toBe(stopping.signal.reason); // by which its worker knows that it gave up
  expect(lookUps).toBe(1);
});
