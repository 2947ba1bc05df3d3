import pg from "pg";
import { deliverEvents } from "../src/payments/sandbox/courier";
import { openQueue } from "../src/platform/taken-jobs";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut, resultOf } from "./support/checkouts";
import { decideOnPage } from "./support/sandbox";
import { type SecondApp, startSecondApp } from "./support/second-app";

const WATCHED = [
  ...["orders", "payment_operations", "ledger_transactions", "provider_events"],
  ...["sandbox.movements", "sandbox.events", "graphile_worker._private_jobs"],
];

let first: TestApp;
let app: SecondApp; // its connections were opened after the database was told to wait for the disk
let owner: pg.Client;
beforeAll(async () => {
  first = await startTestApp({ RETURN_ORIGINS: "https://shop.example" });
  owner = new pg.Client({ connectionString: first.database.ownerUrl });
  await owner.connect();
  await owner.query(`
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$;
    CREATE TABLE commits (what text, waits text);
    CREATE FUNCTION note_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
      INSERT INTO public.commits VALUES (TG_RELID::regclass || ' ' || TG_OP, current_setting('synchronous_commit'));
      RETURN NULL;
    END $$`);
  // A deferred trigger sees what the commit itself sees.
  for (const table of WATCHED)
    await owner.query(`CREATE CONSTRAINT TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON ${table}
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_commit()`);
  await aZone(first.db);
  app = await startSecondApp(first);
});
afterAll(async () => {
  await owner.end();
  await app.close();
  await first.close();
});

/** What was committed during some work: of each kind whether its commits waited for the disk. */
async function committed(work: () => Promise<unknown>): Promise<Record<string, string>> {
  await owner.query("TRUNCATE commits");
  await work();
  const { rows } = await owner.query<{ what: string; waits: string }>(
    "SELECT what, string_agg(DISTINCT waits, ' ') AS waits FROM commits GROUP BY what",
  );
  return Object.fromEntries(rows.map(({ what, waits }) => [what, waits]));
}

const secretOf = ({ platform }: SecondApp) => platform.vault.derivedToken("sandbox webhooks", "1");

async function buy(token: string) {
  const { variant } = await aProduct(first.db, { stock: 5 });
  const cart = await aFullCart(app.ask, null, { variantId: variant.id });
  return checkOut(app.ask, cart, { payment: { token, returnUrl: "https://shop.example/thanks" } });
}

test("a checkout waits for the disk in the shop's own books, which take with them what the sandbox wrote before", async () => {
  const waits = await committed(async () => expect(resultOf(await buy("sandbox:success"))).toBe("OK"));
  expect(waits).toEqual({
    "orders INSERT": "on",
    "orders UPDATE": "on",
    "payment_operations INSERT": "on",
    "payment_operations UPDATE": "on",
    "ledger_transactions INSERT": "on",
    "graphile_worker._private_jobs INSERT": "on",
    "sandbox.movements INSERT": "off",
    "sandbox.events INSERT": "off",
  });
});

test("the sandbox's webhooks wait for no disk, the shop's inbox does, and a connection that brought one is as before", async () => {
  await buy("sandbox:success");
  const waits = await committed(() => deliverEvents(app.platform, secretOf(app)));
  expect(waits).toEqual({ "sandbox.events UPDATE": "off", "provider_events INSERT": "on" });
  const again = await committed(() => buy("sandbox:success"));
  expect(again).toMatchObject({ "orders INSERT": "on", "ledger_transactions INSERT": "on" });
});

test("what a buyer decides on the sandbox's page waits for the disk: nobody asks him again", async () => {
  const { data } = await buy("sandbox:action_required");
  const waits = await committed(() => decideOnPage(data.checkout, "confirm"));
  expect(waits).toMatchObject({ "sandbox.movements UPDATE": "on", "sandbox.events INSERT": "on" });
});

test("jobs are taken and taken off the queue without waiting for the disk", async () => {
  await app.db.$queryRaw`SELECT enqueue_job('wave', '{}'::json, NULL, NULL, 10)::text`;
  const queue = openQueue(first.database.ownerUrl, "worker", ["wave"]);
  const waits = await committed(async () => {
    const taken = await queue.exchange([], 5);
    expect(taken).toMatchObject([{ task: "wave" }]);
    const ended = taken.map(({ id }) => ({ id, end: "done" as const }));
    expect(await queue.exchange(ended, 5)).toEqual([]);
  });
  expect(waits).toEqual({
    "graphile_worker._private_jobs UPDATE": "off",
    "graphile_worker._private_jobs DELETE": "off",
  });
  await queue.close();
});
