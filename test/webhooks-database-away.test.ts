import { SECOND } from "../src/platform/clock";
import { aLineTo } from "./support/line";
import { createTestDatabase, type TestDatabase } from "./support/test-database";
import { inboxOf, standingOf, startWebhookShop, type WebhookShop } from "./support/webhook-shop";

let database: TestDatabase;
let line: Awaited<ReturnType<typeof aLineTo>>;
let shop: WebhookShop;
beforeAll(async () => {
  database = await createTestDatabase();
  line = await aLineTo(database.url);
  const [url, ownerUrl] = [line.through(database.url), line.through(database.ownerUrl)];
  shop = await startWebhookShop({ DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl });
});
afterAll(async () => {
  await shop.close();
  await line.cut();
  await database.drop();
});

test("while the database is gone the provider hears 503 at once; told again, it counts, and nobody has to look", async () => {
  const [attempt, other] = [await shop.attempt("waits"), await shop.attempt("waits")];
  for (const { key } of [attempt, other]) shop.script.decide(key, { status: "SUCCEEDED", captured: true });
  const sent = shop.script.tell(attempt.key);
  await line.cut();
  const started = performance.now();
  for (const server of [0, 1]) expect(await shop.deliver(sent, server)).toBe(503);
  expect(performance.now() - started).toBeLessThan(3_000);
  await line.mend();
  expect(await shop.deliver(sent)).toBe(200);
  expect(await standingOf(shop, attempt)).toMatchObject({ status: "OPEN", paymentStatus: "PAID", booked: 2 });

  // Kept, and then the database went away in the middle of it.
  shop.moments["webhook.processing"] = async () => {
    delete shop.moments["webhook.processing"];
    await line.cut();
  };
  expect(await shop.deliver(shop.script.tell(other.key))).toBe(200);
  await line.mend();
  expect(await inboxOf(shop, other.key)).toMatchObject([{ state: "RECEIVED" }]);
  shop.clock.advance(6 * SECOND);
  await shop.sweep(1);
  expect(await standingOf(shop, other)).toMatchObject({ status: "OPEN", paymentStatus: "PAID", booked: 2 });
});
