import { randomUUID } from "node:crypto";
import type { PaymentOperationKind } from "../src/generated/prisma/enums";
import { leftOf, openBooks, openOperation, type ProviderOutcome, theOrder } from "../src/payments";
import { transact } from "../src/platform/database";
import {
  type Attempt,
  inboxOf,
  type Sent,
  standingOf,
  startWebhookShop,
  type WebhookShop,
} from "./support/webhook-shop";

let shop: WebhookShop;
beforeAll(async () => {
  shop = await startWebhookShop();
});
afterAll(() => shop.close());

function permutations<Item>(items: Item[]): Item[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, at) =>
    permutations(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]),
  );
}

type Outcome = Partial<ProviderOutcome> & Pick<ProviderOutcome, "status">;
const SUCCEEDED: Outcome = { status: "SUCCEEDED", captured: true, reason: null };
const AUTHORIZED: Outcome = { status: "SUCCEEDED", captured: false, reason: null };
const PENDING: Outcome = { status: "PENDING", captured: false, reason: null };
const DECLINED: Outcome = { status: "FAILED", captured: false, reason: "declined" };
const EXPIRED: Outcome = { status: "FAILED", captured: false, reason: "expired" };

/** What has happened at the provider, oldest first: it tells of each, the line shuffles, and it stands by the last. */
const stories: [string, Outcome[], object][] = [
  ["taken late", [PENDING, SUCCEEDED], { status: "OPEN", paymentStatus: "PAID" }],
  [
    "declined, then tried again with success",
    [PENDING, DECLINED, SUCCEEDED],
    { status: "OPEN", paymentStatus: "PAID" },
  ],
  ["declined twice", [PENDING, DECLINED, DECLINED], { status: "PENDING", paymentStatus: "FAILED" }],
];

describe.each(stories)("%s", (_story, steps, end) => {
  test.each(permutations(steps.map((_, index) => index)).map((order) => [order.join(), order]))(
    "told in the order %s: the end is the provider's",
    async (_name, order) => {
      const attempt = await shop.attempt("waits");
      const last = steps.at(-1)!;
      shop.script.decide(attempt.key, last);
      const told = steps.map((outcome) => shop.script.tell(attempt.key, { outcome }));
      for (const [turn, index] of order.entries())
        expect(await shop.deliver(told[index]!, turn % 2)).toBe(200);
      const standing = await standingOf(shop, attempt);
      expect(standing).toMatchObject({ ...end, booked: last.status === "SUCCEEDED" ? 2 : 0 });
      for (const sent of told) expect(await shop.deliver(sent)).toBe(200);
      expect(await standingOf(shop, attempt)).toEqual(standing);
      for (const { state } of await inboxOf(shop, attempt.key))
        expect(["PROCESSED", "IGNORED"]).toContain(state);
    },
  );
});

/** Opens captures or refunds as a request would that then hears nothing. */
async function open(
  attempt: Attempt,
  kind: Exclude<PaymentOperationKind, "AUTHORIZE">,
  ...amounts: bigint[]
) {
  const keys: string[] = [];
  for (const amount of amounts)
    await transact(shop.db, async (tx) => {
      const at = shop.clock.now();
      const books = await openBooks(tx, theOrder(attempt.orderUuid));
      const { paymentId } = attempt.operation;
      expect(leftOf(books!, paymentId)[kind === "REFUND" ? "captured" : "authorized"]).toBeGreaterThanOrEqual(
        amount,
      );
      const uuid = await openOperation(tx, at, books!, {
        paymentUuid: paymentId,
        kind,
        amount,
        leaseUntil: at,
      });
      const made = await tx.paymentOperation.findUniqueOrThrow({ where: { id: uuid } });
      keys.push(made.idempotencyKey);
      shop.script.add({ key: made.idempotencyKey, kind, amount, currency: made.currency });
    });
  return keys;
}

test.each(permutations([0, 1, 2]).map((order) => [order.join(), order]))(
  "three refunds at once, told in the order %s: each booked once",
  async (_name, order) => {
    const attempt = await shop.attempt("success");
    const keys = await open(attempt, "REFUND", 100n, 200n, 300n);
    const told = keys.map((key) => shop.script.tell(key));
    await Promise.all(order.map((index, turn) => shop.deliver(told[index]!, turn % 2)));
    for (const index of order) await shop.deliver(told[index]!);
    const { paymentStatus, operations, booked } = await standingOf(shop, attempt);
    expect({ paymentStatus, booked }).toEqual({ paymentStatus: "PARTIALLY_REFUNDED", booked: 5 });
    expect(operations.filter((one) => one.startsWith("REFUND"))).toEqual([
      ...["REFUND SUCCEEDED 100", "REFUND SUCCEEDED 200", "REFUND SUCCEEDED 300"],
    ]);
  },
);

test("a refund of a payment whose capture nobody has told yet is none of ours, and does not go back before it", async () => {
  const attempt = await shop.attempt("waits");
  const refund = {
    key: null,
    kind: "REFUND" as const,
    outcome: { status: "SUCCEEDED" as const, captured: false },
  };
  shop.script.decide(attempt.key, SUCCEEDED);
  expect(await shop.deliver(shop.script.tell(attempt.key, refund))).toBe(200);
  expect(await standingOf(shop, attempt)).toMatchObject({ paymentStatus: "PROCESSING", booked: 0 });
  expect(await shop.deliver(shop.script.tell(attempt.key))).toBe(200);
  expect(await standingOf(shop, attempt)).toMatchObject({ paymentStatus: "PAID", booked: 2 });
});

test("what has succeeded stays so: a failure told later is old news of an authorisation, and a person's case of a refund", async () => {
  const attempt = await shop.attempt("success");
  const paid = await standingOf(shop, attempt);
  await shop.deliver(shop.script.tell(attempt.key, { outcome: DECLINED }));
  await shop.deliver(shop.script.tell(attempt.key, { outcome: PENDING }));
  expect(await standingOf(shop, attempt)).toEqual(paid);
  expect((await inboxOf(shop, attempt.key)).map(({ state }) => state)).toEqual(["IGNORED", "IGNORED"]);

  const [key] = await open(attempt, "REFUND", 100n);
  await shop.deliver(shop.script.tell(key!));
  const refunded = await standingOf(shop, attempt);
  expect(refunded).toMatchObject({ paymentStatus: "PARTIALLY_REFUNDED" });
  await shop.deliver(shop.script.tell(key!, { outcome: { status: "FAILED", reason: "refused" } }));
  expect(await standingOf(shop, attempt)).toEqual(refunded);
  expect(await inboxOf(shop, key!)).toMatchObject([
    { state: "PROCESSED" },
    { state: "REVIEW", note: "failed after it had succeeded" },
  ]);
});

test.each(permutations([0, 1]).map((order) => [order.join(), order]))(
  "an authorisation that lapsed, told in the order %s: nothing is authorised in the end",
  async (_name, order) => {
    const attempt = await shop.attempt("waits");
    shop.script.decide(attempt.key, { ...EXPIRED });
    const told: Sent[] = [AUTHORIZED, EXPIRED].map((outcome) => shop.script.tell(attempt.key, { outcome }));
    for (const index of order) expect(await shop.deliver(told[index]!)).toBe(200);
    const payment = await shop.db.payment.findFirstOrThrow({ where: { orderId: attempt.orderUuid } });
    expect(payment.authorized - payment.voided).toBe(0n);
  },
);

test("money that was taken at the provider behind our back is a person's case", async () => {
  const attempt = await shop.attempt("waits");
  await shop.deliver(shop.script.tell(attempt.key, { outcome: AUTHORIZED }));
  expect(await standingOf(shop, attempt)).toMatchObject({ status: "OPEN", paymentStatus: "AUTHORIZED" });
  shop.script.decide(attempt.key, SUCCEEDED);
  await shop.deliver(shop.script.tell(attempt.key, {}, { id: `evt_${randomUUID()}` }));
  expect(await standingOf(shop, attempt)).toMatchObject({ paymentStatus: "AUTHORIZED" });
  expect(await inboxOf(shop, attempt.key)).toMatchObject([
    { state: "PROCESSED" },
    { state: "REVIEW", note: "captured at the provider, not by the shop" },
  ]);
});
