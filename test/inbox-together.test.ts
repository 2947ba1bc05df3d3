import { countStatements } from "./support/count-statements";
import { inboxOf, type Sent, startWebhookShop, type WebhookShop } from "./support/webhook-shop";

let shop: WebhookShop;
beforeAll(async () => {
  shop = await startWebhookShop();
});
beforeEach(() => {
  delete shop.moments["webhook.verified"];
});
afterAll(() => shop.close());

/** An attempt that was paid for, and whose webhook has come. */
async function paid() {
  const attempt = await shop.attempt("success");
  shop.script.decide(attempt.key, { status: "SUCCEEDED", captured: true });
  expect(await shop.deliver(shop.script.tell(attempt.key))).toBe(200);
  return attempt;
}

/** Delivers webhooks so that all are there before any is kept. @returns the statuses they are answered with */
async function deliverAtOnce(sent: Sent[]): Promise<number[]> {
  let came = 0;
  const all = new Promise<void>((done) => {
    shop.moments["webhook.verified"] = () => {
      came += 1;
      if (came === sent.length) done();
      return all;
    };
  });
  return Promise.all(sent.map((event) => shop.deliver(event)));
}

test("webhooks that come at the same moment are kept by one statement, each once", async () => {
  const [one, other] = [await paid(), await shop.attempt("waits")];
  shop.script.decide(other.key, { status: "SUCCEEDED", captured: true });
  const [known, news] = [shop.script.tell(one.key), shop.script.tell(other.key)];
  let statuses: number[] = [];
  const statements = await countStatements(async () => {
    statuses = await deliverAtOnce([known, news, shop.script.tell(one.key), known, news]);
  }, /INSERT INTO provider_events/);
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
  expect(statements).toBe(1);
  expect((await inboxOf(shop, one.key)).map(({ state }) => state)).toEqual(Array(3).fill("PROCESSED"));
  expect((await inboxOf(shop, other.key)).map(({ state }) => state)).toEqual(["PROCESSED"]);
  expect((await shop.db.order.findUniqueOrThrow({ where: { id: other.orderUuid } })).paymentStatus).toBe(
    "PAID",
  );
});

test("one that cannot be kept keeps no other from it", async () => {
  const [one, other] = [await paid(), await paid()];
  const broken = shop.script.tell(one.key, { outcome: { amount: 10n ** 30n } });
  expect(await deliverAtOnce([shop.script.tell(other.key), broken, shop.script.tell(one.key)])).toEqual([
    200, 500, 200,
  ]);
  expect(await inboxOf(shop, other.key)).toHaveLength(2);
  expect(await inboxOf(shop, one.key)).toHaveLength(2);
});

test("two servers that are told the same at once in another order keep each once", async () => {
  const attempts = [await paid(), await paid(), await paid()];
  const sent = attempts.map(({ key }) => shop.script.tell(key));
  const both = [
    ...sent.map((event) => [event, 0] as const),
    ...sent.reverse().map((event) => [event, 1] as const),
  ];
  const statuses = await Promise.all(both.map(([event, server]) => shop.deliver(event, server)));
  expect(statuses).toEqual(Array(6).fill(200));
  for (const { key } of attempts) expect(await inboxOf(shop, key)).toHaveLength(2);
});
