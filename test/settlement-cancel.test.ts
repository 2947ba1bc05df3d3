import { randomUUID } from "node:crypto";
import { settleDueOperations } from "../src/checkout";
import { SECOND } from "../src/platform/clock";
import { toId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aZone } from "./support/builders";
import { checkOut, resultOf } from "./support/checkouts";
import { movableClock } from "./support/clock";
import { mailsAbout } from "./support/mails";
import { moodyLine } from "./support/moody-provider";
import { aPerson, type Person } from "./support/person";
import { decideOnPage, sandboxOf } from "./support/sandbox";
import { anOrderOf, euros, type Sold, settledAs, settlementsOf, standingOf } from "./support/settlements";

const clock = movableClock();
let automatic: TestApp;
let manual: TestApp;
let staffOf: Map<TestApp, Person>;
let line: ReturnType<typeof moodyLine>;
beforeAll(async () => {
  automatic = await startTestApp({}, { clock });
  manual = await startTestApp({ PAYMENT_CAPTURE: "manual" }, { clock });
  line = moodyLine(automatic.platform.services.providers);
  for (const { db } of [automatic, manual]) await aZone(db);
  staffOf = new Map();
  for (const app of [automatic, manual]) staffOf.set(app, await aPerson(app, "STAFF"));
});
afterAll(async () => {
  for (const app of [automatic, manual]) await app.close();
});

const staffDoes = (app: TestApp) => settlementsOf(app.ask, staffOf.get(app) ?? null);
const cancel = (app: TestApp, { id }: Sold, about: object = {}, key: string | null = null) =>
  staffDoes(app)("cancelOrder", { orderId: id, ...about }, key);
const GONE = { status: "CANCELLED", cart: "ORDERED", reserved: 0, underWay: 0 };
const GIVEN_BACK = "What was paid for it is given back; we write again when it is on its way.";

test("authorised: voided, its stock free, its cart closed", async () => {
  const order = await anOrderOf(manual);
  const { data } = await cancel(manual, order);
  expect(data.cancelOrder).toMatchObject({
    order: {
      status: "CANCELLED",
      paymentStatus: "VOIDED",
      payments: [{ voided: { amount: 100_00 }, operations: [{}, { kind: "VOID", reason: "cancelled" }] }],
    },
    userErrors: [],
  });
  expect(await standingOf(manual, order)).toMatchObject({ ...GONE, voided: 100_00, ledger: {} });
});

test("captured in part: that is refunded, the rest voided", async () => {
  const order = await anOrderOf(manual);
  const captured = { paymentId: order.paymentId, amount: euros(30_00) };
  expect(settledAs(await staffDoes(manual)("capturePayment", captured))).toBe("OK");
  expect(settledAs(await cancel(manual, order))).toBe("OK");
  expect(await standingOf(manual, order)).toMatchObject({
    ...{ ...GONE, paymentStatus: "REFUNDED", captured: 30_00, refunded: 30_00, voided: 70_00, ledger: {} },
  });
});

test("paid and partly refunded: the rest is refunded, no cent twice", async () => {
  const order = await anOrderOf(automatic);
  const part = { paymentId: order.paymentId, amount: euros(25_00), restock: true };
  expect(settledAs(await staffDoes(automatic)("refundPayment", part))).toBe("OK");
  expect(settledAs(await cancel(automatic, order))).toBe("OK");
  expect(await standingOf(automatic, order)).toMatchObject({ ...GONE, refunded: 100_00, ledger: {} });
});

test("declined before: nothing to give back, and the cart is no cart any more", async () => {
  const order = await anOrderOf(automatic, "sandbox:decline");
  expect(settledAs(await cancel(automatic, order))).toBe("OK");
  expect(await standingOf(automatic, order)).toMatchObject({ ...GONE, authorized: 0, ledger: {} });
});

test("while its payment is being settled, or once it is over: WRONG_STATE, and nothing changes", async () => {
  line.mood = "mute";
  const unheard = await anOrderOf(automatic);
  line.mood = "answers";
  expect(settledAs(await cancel(automatic, unheard))).toBe("WRONG_STATE");
  expect(await standingOf(automatic, unheard)).toMatchObject({ status: "PENDING", reserved: 2 });
  clock.advance(31 * SECOND);
  await settleDueOperations(automatic.platform);
  expect(settledAs(await cancel(automatic, unheard))).toBe("OK");
  expect(settledAs(await cancel(automatic, unheard))).toBe("WRONG_STATE");
  expect(await standingOf(automatic, unheard)).toMatchObject({ ...GONE, refunded: 100_00 });
});

test("once something of it was shipped it cannot be cancelled", async () => {
  const order = await anOrderOf(automatic);
  const where = { orderId: order.uuid };
  await automatic.db.reservation.updateMany({ where, data: { state: "CONSUMED" } });
  expect(settledAs(await cancel(automatic, order))).toBe("WRONG_STATE");
  await automatic.db.reservation.updateMany({ where, data: { state: "COMMITTED" } });
  expect(settledAs(await cancel(automatic, order))).toBe("OK");
});

describe("while it waits for its buyer", () => {
  test("the attempt is called off at the provider first", async () => {
    const order = await anOrderOf(automatic, "sandbox:action_required");
    expect(await standingOf(automatic, order)).toMatchObject({ status: "PENDING", reserved: 2 });
    const { data } = await cancel(automatic, order);
    expect(data.cancelOrder.order).toMatchObject({
      status: "CANCELLED",
      payments: [{ operations: [{ kind: "AUTHORIZE", status: "FAILED", reason: "cancelled" }] }],
    });
    expect(await standingOf(automatic, order)).toMatchObject({ ...GONE, authorized: 0 });
  });

  test("the buyer got there first: it is cancelled as a paid one", async () => {
    const order = await anOrderOf(automatic, "sandbox:action_required");
    const [operation] = await automatic.db.paymentOperation.findMany({ where: { orderId: order.uuid } });
    const { idempotencyKey: key, kind, amount, currency } = operation ?? {};
    if (!key || !kind || !amount || !currency) throw new Error("No attempt");
    const waiting = await sandboxOf(automatic).lookUp({ key, kind, amount, currency, reference: null });
    if (!waiting) throw new Error("The provider knows no such attempt");
    expect((await decideOnPage(waiting, "confirm")).status).toBe(303);
    expect(settledAs(await cancel(automatic, order))).toBe("OK");
    expect(await standingOf(automatic, order)).toMatchObject({ ...GONE, captured: 100_00, refunded: 100_00 });
  });
});

test("while it waits for its buyer and the provider is silent, nothing is cancelled", async () => {
  const order = await anOrderOf(automatic, "sandbox:action_required");
  const { cancel: callOff } = line;
  line.cancel = () => Promise.reject(new Error("socket hang up"));
  expect(settledAs(await cancel(automatic, order))).toBe("WRONG_STATE");
  line.cancel = callOff;
  expect(await standingOf(automatic, order)).toMatchObject({
    status: "PENDING",
    cart: "ACTIVE",
    reserved: 2,
  });
  expect(settledAs(await cancel(automatic, order))).toBe("OK");
});

describe("whatever the provider says, the order is cancelled", () => {
  test("refused: staff can try again", async () => {
    const order = await anOrderOf(automatic, "sandbox:follow_up_refused");
    const { data } = await cancel(automatic, order);
    expect(data.cancelOrder.order).toMatchObject({
      status: "CANCELLED",
      paymentStatus: "PAID",
      payments: [{ operations: [{}, {}, { kind: "REFUND", status: "FAILED" }] }],
    });
    const again = await staffDoes(automatic)("refundPayment", { paymentId: order.paymentId });
    expect(settledAs(again)).toBe("PROVIDER_REFUSED");
  });

  test.each(["mute", "deaf"] as const)("%s: settled later, once", async (mood) => {
    const order = await anOrderOf(automatic);
    line.mood = mood;
    const { data } = await cancel(automatic, order);
    line.mood = "answers";
    expect(data.cancelOrder.order).toMatchObject({
      status: "CANCELLED",
      payments: [{ operations: [{}, {}, { kind: "REFUND", status: "UNKNOWN" }] }],
    });
    await settledLater(order);
  });

  test("to be told later: settled then", async () => {
    const order = await anOrderOf(automatic, "sandbox:follow_up_late");
    const { data } = await cancel(automatic, order);
    expect(data.cancelOrder.order.payments[0].operations[2]).toMatchObject({
      kind: "REFUND",
      status: "PENDING",
    });
    await settledLater(order);
  });

  async function settledLater(order: Sold) {
    expect(await standingOf(automatic, order)).toMatchObject({ ...GONE, underWay: 100_00, refunded: 0 });
    clock.advance(31 * SECOND);
    await settleDueOperations(automatic.platform);
    expect(await standingOf(automatic, order)).toMatchObject({ ...GONE, refunded: 100_00, ledger: {} });
  }

  test("killed before anybody was asked: the sweep gives the money back", async () => {
    let dies = false;
    const mortal = await startTestApp(
      {},
      {
        clock,
        reached: (point) => {
          if (dies && point === "order.cancelled") throw new Error("killed");
        },
      },
    );
    await aZone(mortal.db);
    staffOf.set(mortal, await aPerson(mortal, "STAFF"));
    const [order, key] = [await anOrderOf(mortal), randomUUID()];
    dies = true;
    expect(settledAs(await cancel(mortal, order, {}, key))).toBe("INTERNAL_SERVER_ERROR");
    dies = false;
    expect(await standingOf(mortal, order)).toMatchObject({ status: "CANCELLED", underWay: 100_00 });
    expect(settledAs(await cancel(mortal, order, {}, key))).toBe("OK");
    clock.advance(31 * SECOND);
    await settleDueOperations(mortal.platform);
    expect(await standingOf(mortal, order)).toMatchObject({ ...GONE, refunded: 100_00, ledger: {} });
    await mortal.close();
  });
});

describe("who may", () => {
  test("its owner; for others it isn't there, byte for byte", async () => {
    const [owner, other] = [await aPerson(automatic), await aPerson(automatic)];
    const [theirs, guests] = [
      await anOrderOf(automatic, "sandbox:success", owner),
      await anOrderOf(automatic),
    ];
    const by = (person: Person | null, orderId: string) =>
      settlementsOf(automatic.ask, person)("cancelOrder", { orderId }, null);
    const none = JSON.stringify((await by(other, "order_01h455vb4pex5vsknk084sn02q")).data);
    expect(none).toContain("ORDER_NOT_FOUND");
    for (const orderId of [theirs.id, guests.id, theirs.paymentId, "", "order_"])
      expect(JSON.stringify((await by(other, orderId)).data)).toBe(none);
    expect(settledAs(await by(owner, guests.id))).toBe("ORDER_NOT_FOUND");
    expect(settledAs(await by(null, guests.id))).toBe("UNAUTHENTICATED");
    expect(settledAs(await by(owner, theirs.id))).toBe("OK");
    expect(settledAs(await by(staffOf.get(automatic) ?? null, guests.id))).toBe("OK");
  });

  test("the reason is in the history for both, and nothing that cannot be kept gets there", async () => {
    const owner = await aPerson(automatic);
    const order = await anOrderOf(automatic, "sandbox:success", owner);
    const by = settlementsOf(automatic.ask, owner);
    for (const reason of ["x".repeat(501), "a\u0007b"])
      expect(settledAs(await by("cancelOrder", { orderId: order.id, reason }))).toBe("REASON_INVALID");
    const { data } = await by("cancelOrder", { orderId: order.id, reason: " Too slow. " });
    expect(data.cancelOrder.order.events.at(-1)).toEqual({
      type: "order.cancelled",
      message: "Order cancelled: Too slow.",
    });
    const outbox = await automatic.db.outboxEvent.findFirstOrThrow({
      where: { subjectId: order.uuid, type: "order.cancelled" },
    });
    expect(outbox.data).toEqual({});
  });
});

test("the same key: cancelled once, answered the same; other input is refused", async () => {
  const [order, other, key] = [await anOrderOf(automatic), await anOrderOf(automatic), randomUUID()];
  const first = await cancel(automatic, order, {}, key);
  expect((await cancel(automatic, order, {}, key)).data).toEqual(first.data);
  expect(settledAs(await cancel(automatic, other, {}, key))).toBe("IDEMPOTENCY_KEY_REUSED");
  expect(settledAs(await cancel(automatic, order, {}, randomUUID()))).toBe("WRONG_STATE");
  expect(await standingOf(automatic, order)).toMatchObject({ ...GONE, refunded: 100_00 });
});

test("a cancelled order is neither captured nor checked out again", async () => {
  const order = await anOrderOf(manual, "sandbox:follow_up_refused");
  expect(settledAs(await cancel(manual, order))).toBe("OK");
  expect(settledAs(await staffDoes(manual)("capturePayment", { paymentId: order.paymentId }))).toBe(
    "WRONG_STATE",
  );
  const declined = await anOrderOf(automatic, "sandbox:decline");
  await cancel(automatic, declined);
  const { cartId } = await automatic.db.order.findUniqueOrThrow({ where: { id: declined.uuid } });
  const again = await checkOut(automatic.ask, { id: toId("cart", cartId), total: euros(100_00) });
  expect(resultOf(again)).toBe("CART_ALREADY_ORDERED");
});

test("the buyer is written to: that it is cancelled, and of the refund", async () => {
  const buyer = await aPerson(automatic);
  const order = await anOrderOf(automatic, "sandbox:success", buyer);
  await cancel(automatic, order);
  const { payloads, letters } = await mailsAbout(automatic, order.uuid);
  expect(payloads).toEqual([
    { template: "order-confirmation", orderId: order.uuid },
    { template: "order-cancelled", orderId: order.uuid },
    { template: "refund", orderId: order.uuid, operationId: expect.any(String) },
  ]);
  expect(letters.map((letter) => letter?.subject.replace(/\d+/, "N"))).toEqual([
    expect.stringMatching(/: your order N$/),
    expect.stringMatching(/: your order N is cancelled$/),
    expect.stringMatching(/: a refund for your order N$/),
  ]);
  expect(letters[1]?.text).toContain(GIVEN_BACK);
  expect(letters[2]?.text).toContain("We have given back 100.00 EUR");
});

describe("the mail that it is cancelled says that money is given back", () => {
  const cancellation = async (app: TestApp, order: Sold) => {
    expect(settledAs(await cancel(app, order))).toBe("OK");
    const { payloads, letters } = await mailsAbout(app, order.uuid);
    const refunds = payloads.filter(({ template }) => template === "refund").length;
    const at = payloads.findIndex(({ template }) => template === "order-cancelled");
    return { says: letters[at]?.text.includes(GIVEN_BACK), refunds };
  };

  test("when some was captured, though the provider has refused to give it back so far", async () => {
    const part = await anOrderOf(manual);
    const captured = { paymentId: part.paymentId, amount: euros(30_00) };
    expect(settledAs(await staffDoes(manual)("capturePayment", captured))).toBe("OK");
    expect(await cancellation(manual, part)).toEqual({ says: true, refunds: 1 });
    const refused = await anOrderOf(automatic, "sandbox:follow_up_refused");
    expect(await cancellation(automatic, refused)).toEqual({ says: true, refunds: 0 });
  });

  test("not when nothing was, or it was all given back before", async () => {
    expect(await cancellation(manual, await anOrderOf(manual))).toEqual({ says: false, refunds: 0 });
    const declined = await anOrderOf(automatic, "sandbox:decline");
    expect(await cancellation(automatic, declined)).toEqual({ says: false, refunds: 0 });
    const returned = await anOrderOf(automatic);
    const all = { paymentId: returned.paymentId, amount: euros(100_00), reason: "cancelled" };
    expect(settledAs(await staffDoes(automatic)("refundPayment", all))).toBe("OK");
    expect(await cancellation(automatic, returned)).toEqual({ says: false, refunds: 1 }); // of before
  });
});
