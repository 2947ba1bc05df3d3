import { inboxOf, standingOf, startWebhookShop, type WebhookShop } from "./support/webhook-shop";

let shop: WebhookShop;
beforeAll(async () => {
  shop = await startWebhookShop();
});
beforeEach(() => {
  shop.script.mood = "answers";
  for (const point of Object.keys(shop.moments)) delete shop.moments[point as keyof typeof shop.moments];
});
afterAll(() => shop.close());

const PAID = { status: "OPEN", paymentStatus: "PAID", cart: "ORDERED", reserved: 1, booked: 2 };

/** An attempt that was paid for before its webhook comes, as nearly all are. */
async function paid() {
  const attempt = await shop.attempt("waits");
  shop.script.decide(attempt.key, { status: "SUCCEEDED", captured: true });
  expect(await shop.deliver(shop.script.tell(attempt.key))).toBe(200);
  expect(await standingOf(shop, attempt)).toMatchObject(PAID);
  return attempt;
}

test("a webhook that says again what is known is kept and done with at once, and nothing is locked for it", async () => {
  const attempt = await paid();
  let transactions = 0;
  shop.moments["webhook.processing"] = () => {
    transactions += 1;
  };
  const sent = Array.from({ length: 5 }, () => shop.script.tell(attempt.key));
  await shop.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM orders WHERE id = ${attempt.orderUuid}::uuid FOR UPDATE`;
    expect(await Promise.all(sent.map((event) => shop.deliver(event)))).toEqual([200, 200, 200, 200, 200]);
  });
  expect(transactions).toBe(0);
  const kept = await inboxOf(shop, attempt.key);
  expect(kept).toHaveLength(6);
  for (const { state, operationId, told } of kept) {
    expect({ state, operationId }).toEqual({ state: "PROCESSED", operationId: attempt.operation.id });
    expect(told).not.toHaveProperty("outcome.method");
  }
  expect(await standingOf(shop, attempt)).toMatchObject(PAID);
});

test("what says otherwise than the books is no such webhook, though its payment is settled", async () => {
  const attempt = await paid();
  await shop.deliver(shop.script.tell(attempt.key, { outcome: { amount: 1n } }));
  await shop.deliver(shop.script.tell(attempt.key, { orderNumber: "1" }));
  await shop.deliver(shop.script.tell(attempt.key, { outcome: { status: "FAILED", reason: "declined" } }));
  const [, ...kept] = await inboxOf(shop, attempt.key);
  expect(kept.map(({ state }) => state)).toEqual(["REVIEW", "REVIEW", "IGNORED"]);
  expect(await standingOf(shop, attempt)).toMatchObject(PAID);
});
