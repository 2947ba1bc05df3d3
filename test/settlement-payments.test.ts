import { randomUUID } from "node:crypto";
import { advanceOrder } from "../src/checkout";
import { outcomeOf } from "../src/payments";
import { readId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aZone } from "./support/builders";
import { mailsAbout } from "./support/mails";
import { aPerson, type Person } from "./support/person";
import { anOrderOf, euros, type Sold, settledAs, settlementsOf, standingOf } from "./support/settlements";

let app: TestApp;
let staff: Person;
let does: ReturnType<typeof settlementsOf>;
beforeAll(async () => {
  app = await startTestApp({ PAYMENT_CAPTURE: "manual" });
  await aZone(app.db);
  staff = await aPerson(app, "STAFF");
  does = settlementsOf(app.ask, staff);
});
afterAll(() => app.close());

const anOrder = () => anOrderOf(app);
/** An order whose money is taken, all of it. */
async function aPaidOrder(token?: string) {
  const order = await anOrderOf(app, token);
  expect(settledAs(await does("capturePayment", { paymentId: order.paymentId }))).toBe("OK");
  return order;
}
const TOTAL = 100_00;
const OPEN = { status: "OPEN", cart: "ORDERED", reserved: 2, underWay: 0 };

describe("capture", () => {
  test("all that is left, when no amount is given; then nothing is left", async () => {
    const order = await anOrder();
    const { data } = await does("capturePayment", { paymentId: order.paymentId });
    expect(data.capturePayment).toMatchObject({
      order: { id: order.id, status: "OPEN", paymentStatus: "PAID" },
      payment: { id: order.paymentId, authorized: { amount: TOTAL }, captured: { amount: TOTAL } },
      operation: { kind: "CAPTURE", status: "SUCCEEDED", amount: { amount: TOTAL }, reason: null },
      userErrors: [],
    });
    const again = await does("capturePayment", { paymentId: order.paymentId });
    expect(settledAs(again)).toBe("NOTHING_TO_CAPTURE");
    expect(again.data.capturePayment).toMatchObject({ payment: null, operation: null, order: null });
  });

  test("in parts, to the cent: sums, status and books follow, and no cent more than was authorised", async () => {
    const order = await anOrder();
    const { paymentId } = order;
    const capture = async (amount: number) =>
      settledAs(await does("capturePayment", { paymentId, amount: euros(amount) }));
    expect(await capture(33_33)).toBe("OK");
    expect(await standingOf(app, order)).toMatchObject({
      ...{ ...OPEN, paymentStatus: "PARTIALLY_PAID", authorized: TOTAL, captured: 33_33 },
      ledger: { AUTHORIZED: 66_67, AUTHORIZED_CONTRA: -66_67, PROVIDER_CLEARING: 33_33 },
    });
    expect(await capture(66_68)).toBe("CAPTURE_EXCEEDS_AUTHORIZED");
    expect(await capture(66_67)).toBe("OK");
    const standing = await standingOf(app, order);
    expect(standing).toMatchObject({ ...OPEN, paymentStatus: "PAID", captured: TOTAL });
    expect(standing.ledger).toEqual({ PROVIDER_CLEARING: TOTAL, SALES: -84_03, TAX_PAYABLE: -15_97 });
  });

  test("a part, and the rest is voided: what is taken stays", async () => {
    const order = await anOrder();
    await does("capturePayment", { paymentId: order.paymentId, amount: euros(50_00) });
    const { data } = await does("voidPayment", { paymentId: order.paymentId });
    expect(data.voidPayment.operation).toMatchObject({ kind: "VOID", amount: { amount: 50_00 } });
    expect(await standingOf(app, order)).toMatchObject({
      ...{ paymentStatus: "PARTIALLY_PAID", captured: 50_00, voided: 50_00 },
      ledger: { PROVIDER_CLEARING: 50_00 },
    });
    expect(settledAs(await does("capturePayment", { paymentId: order.paymentId }))).toBe(
      "NOTHING_TO_CAPTURE",
    );
  });
});

test("a void releases all, once", async () => {
  const order = await anOrder();
  expect(settledAs(await does("voidPayment", { paymentId: order.paymentId }))).toBe("OK");
  expect(await standingOf(app, order)).toMatchObject({
    ...{ paymentStatus: "VOIDED", voided: TOTAL, captured: 0 },
    ledger: {},
  });
  expect(settledAs(await does("voidPayment", { paymentId: order.paymentId }))).toBe("NOTHING_TO_VOID");
});

describe("refund", () => {
  test("in parts and then the rest; the books are the reverse, and no cent more than was captured", async () => {
    const order = await aPaidOrder();
    const { paymentId } = order;
    expect(settledAs(await does("refundPayment", { paymentId, amount: euros(1) }))).toBe("OK");
    expect(await standingOf(app, order)).toMatchObject({
      ...OPEN,
      paymentStatus: "PARTIALLY_REFUNDED",
      refunded: 1,
    });
    const tooMuch = await does("refundPayment", { paymentId, amount: euros(TOTAL) });
    expect(tooMuch.data.refundPayment.userErrors).toEqual([
      { code: "REFUND_EXCEEDS_CAPTURED", path: ["amount"] },
    ]);
    expect(settledAs(await does("refundPayment", { paymentId }))).toBe("OK");
    expect(await standingOf(app, order)).toMatchObject({ ...OPEN, paymentStatus: "REFUNDED", ledger: {} });
    expect(settledAs(await does("refundPayment", { paymentId }))).toBe("REFUND_EXCEEDS_CAPTURED");
  });

  test("with restock, what the order holds is free again, once, whatever the amount", async () => {
    const order = await aPaidOrder();
    const part = { paymentId: order.paymentId, amount: euros(10_00), restock: true };
    expect(settledAs(await does("refundPayment", part))).toBe("OK");
    expect(await standingOf(app, order)).toMatchObject({ status: "OPEN", reserved: 0, refunded: 10_00 });
    expect(settledAs(await does("refundPayment", part))).toBe("OK");
    expect(await standingOf(app, order)).toMatchObject({ status: "OPEN", reserved: 0, refunded: 20_00 });
  });

  test("refused by the provider with restock: nothing comes back", async () => {
    const order = await anOrderOf(app, "sandbox:follow_up_refused");
    const refused = await does("capturePayment", { paymentId: order.paymentId });
    expect(refused.data.capturePayment).toMatchObject({
      operation: { kind: "CAPTURE", status: "FAILED", reason: "refused" },
      payment: { id: order.paymentId },
      order: { id: order.id, paymentStatus: "AUTHORIZED" },
      userErrors: [{ code: "PROVIDER_REFUSED", path: ["paymentId"] }],
    });
  });

  test("staff's reason is kept and seen by staff alone; a word of the house by the buyer too", async () => {
    const buyer = await aPerson(app);
    const order = await anOrderOf(app, "sandbox:success", buyer);
    await does("capturePayment", { paymentId: order.paymentId });
    const reason = "  smells of fraud \n";
    const { data } = await does("refundPayment", {
      paymentId: order.paymentId,
      amount: euros(1_00),
      reason,
    });
    expect(data.refundPayment.operation).toMatchObject({ status: "SUCCEEDED", reason: "smells of fraud" });
    const operation = "query($id: ID!) { node(id: $id) { ... on PaymentOperation { kind reason } } }";
    const seenBy = async ({ token }: Person) =>
      (await app.ask(token, operation, { id: data.refundPayment.operation.id })).data.node;
    expect(await seenBy(staff)).toEqual({ kind: "REFUND", reason: "smells of fraud" });
    expect(await seenBy(buyer)).toEqual({ kind: "REFUND", reason: null });

    const cancelled = await settlementsOf(app.ask, buyer)("cancelOrder", { orderId: order.id });
    const reasons = cancelled.data.cancelOrder.order.payments[0].operations.map(
      ({ kind, reason: why }: Record<string, string>) => `${kind} ${why}`,
    );
    expect(reasons).toEqual(["AUTHORIZE null", "CAPTURE null", "REFUND null", "REFUND cancelled"]);
  });
});

/** What the feed says of an order's payment and of the order, oldest first, without what checkout said. */
const feedOf = async ({ paymentUuid, uuid }: Sold) => {
  const where = { subjectId: { in: [paymentUuid, uuid] } };
  const events = await app.db.outboxEvent.findMany({ where, orderBy: { id: "asc" } });
  return events.map(({ type }) => type).filter((type) => !/^order\.(placed|opened)$|authoriz/.test(type));
};

describe("the feed and the mails tell what has happened, and nothing else", () => {
  test("done: asked for, then done, once; a refund is written about", async () => {
    const order = await aPaidOrder();
    await does("refundPayment", { paymentId: order.paymentId, amount: euros(12_34) });
    expect(await feedOf(order)).toEqual([
      "payment.capture_pending",
      "payment.captured",
      "payment.refund_pending",
      "payment.refunded",
    ]);
    const { letters } = await mailsAbout(app, order.uuid);
    expect(letters.map((letter) => /given back [\d.]+ EUR/.exec(letter?.text ?? "")?.[0])).toEqual([
      undefined,
      "given back 12.34 EUR",
    ]);
  });

  test("refused: asked for, and that it failed", async () => {
    const order = await anOrderOf(app, "sandbox:follow_up_refused");
    await does("capturePayment", { paymentId: order.paymentId });
    await does("voidPayment", { paymentId: order.paymentId });
    expect(await feedOf(order)).toEqual([
      "payment.capture_pending",
      "payment.capture_failed",
      "payment.void_pending",
      "payment.void_failed",
    ]);
    expect((await mailsAbout(app, order.uuid)).payloads).toHaveLength(1); // the order's confirmation
  });

  test("the same news of a refund 20 times: goods and money are back once, one mail", async () => {
    const order = await aPaidOrder();
    const { data } = await does("refundPayment", { paymentId: order.paymentId, restock: true });
    const uuid = readId("payop", data.refundPayment.operation.id) ?? "";
    const said = [await standingOf(app, order), await feedOf(order), await mailsAbout(app, order.uuid)];
    const news = outcomeOf("SUCCEEDED", { amount: 100_00n, currency: "EUR" });
    await Promise.all(Array.from({ length: 20 }, () => advanceOrder(app.platform, uuid, news)));
    expect([await standingOf(app, order), await feedOf(order), await mailsAbout(app, order.uuid)]).toEqual(
      said,
    );
    expect(said[0]).toMatchObject({ refunded: 100_00, reserved: 0 });
  });
});

describe("what is refused, with nothing written", () => {
  const cases = [
    ["capturePayment", { amount: euros(0) }, "AMOUNT_INVALID", ["amount", "amount"]],
    ["capturePayment", { amount: euros(-1) }, "AMOUNT_INVALID", ["amount", "amount"]],
    ["capturePayment", { amount: euros(TOTAL + 1) }, "CAPTURE_EXCEEDS_AUTHORIZED", ["amount"]],
    [
      "capturePayment",
      { amount: { amount: 1, currency: "USD" } },
      "CURRENCY_MISMATCH",
      ["amount", "currency"],
    ],
    ["refundPayment", { amount: euros(0) }, "AMOUNT_INVALID", ["amount", "amount"]],
    [
      "refundPayment",
      { amount: { amount: 1, currency: "JPY" } },
      "CURRENCY_MISMATCH",
      ["amount", "currency"],
    ],
    ["refundPayment", {}, "REFUND_EXCEEDS_CAPTURED", ["paymentId"]],
    ["refundPayment", { reason: "x".repeat(501) }, "REASON_INVALID", ["reason"]],
    ["refundPayment", { reason: "a\u0000b" }, "REASON_INVALID", ["reason"]],
  ] as const;
  test.each(cases)("%s %j: %s", async (field, about, code, path) => {
    const { uuid, paymentId } = await anOrder();
    const key = randomUUID();
    const { data } = await does(field, { paymentId, ...about }, key);
    expect(data[field]).toMatchObject({ payment: null, operation: null, userErrors: [{ code, path }] });
    expect(await app.db.paymentOperation.count({ where: { orderId: uuid } })).toBe(1);
    expect(await app.db.idempotencyRecord.count({ where: { key } })).toBe(0);
  });

  test.each(["capturePayment", "voidPayment", "refundPayment"] as const)(
    "%s of what is no payment, or has no key",
    async (field) => {
      const order = await anOrder();
      for (const paymentId of ["", "pay_01h455vb4pex5vsknk084sn02q", order.id, "x".repeat(300)])
        expect(settledAs(await does(field, { paymentId }))).toBe("PAYMENT_NOT_FOUND");
      expect(settledAs(await does(field, { paymentId: order.paymentId }, null))).toBe(
        "IDEMPOTENCY_KEY_MISSING",
      );
      expect(settledAs(await does(field, { paymentId: order.paymentId }, "short"))).toBe(
        "IDEMPOTENCY_KEY_MISSING",
      );
    },
  );

  test("customers and guests have no say, not even over their own", async () => {
    const buyer = await aPerson(app);
    const { paymentId } = await anOrderOf(app, "sandbox:success", buyer);
    for (const field of ["capturePayment", "voidPayment", "refundPayment"] as const) {
      expect(settledAs(await settlementsOf(app.ask, buyer)(field, { paymentId }))).toBe("FORBIDDEN");
      expect(settledAs(await settlementsOf(app.ask, null)(field, { paymentId }))).toBe("UNAUTHENTICATED");
    }
  });
});

describe("the same key", () => {
  test("gives the same objects as they are now, also after a refusal of the provider", async () => {
    const [order, key] = [await anOrder(), randomUUID()];
    const input = { paymentId: order.paymentId, amount: euros(40_00) };
    const first = (await does("capturePayment", input, key)).data.capturePayment;
    await does("capturePayment", { paymentId: order.paymentId });
    const again = (await does("capturePayment", input, key)).data.capturePayment;
    expect(again.operation).toEqual(first.operation);
    expect([first.order.paymentStatus, again.order.paymentStatus]).toEqual(["PARTIALLY_PAID", "PAID"]);

    const refusing = await anOrderOf(app, "sandbox:follow_up_refused");
    const refused = await does("voidPayment", { paymentId: refusing.paymentId }, key);
    expect(settledAs(refused)).toBe("IDEMPOTENCY_KEY_REUSED");
    const other = randomUUID();
    const no = await does("voidPayment", { paymentId: refusing.paymentId }, other);
    expect(settledAs(no)).toBe("PROVIDER_REFUSED");
    expect((await does("voidPayment", { paymentId: refusing.paymentId }, other)).data).toEqual(no.data);
  });

  test("with other input, or for something else, it is refused; another account's is another key", async () => {
    const [order, key] = [await anOrder(), randomUUID()];
    const { paymentId } = order;
    expect(settledAs(await does("capturePayment", { paymentId, amount: euros(1_00) }, key))).toBe("OK");
    const reused = [
      await does("capturePayment", { paymentId, amount: euros(2_00) }, key),
      await does("voidPayment", { paymentId }, key),
      await does("refundPayment", { paymentId, amount: euros(1_00) }, key),
    ];
    expect(reused.map(settledAs)).toEqual(Array(3).fill("IDEMPOTENCY_KEY_REUSED"));
    const colleague = settlementsOf(app.ask, await aPerson(app, "ADMIN"));
    expect(settledAs(await colleague("capturePayment", { paymentId, amount: euros(1_00) }, key))).toBe("OK");
    expect(await standingOf(app, order)).toMatchObject({ captured: 2_00 });
  });
});
