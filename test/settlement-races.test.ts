import { randomUUID } from "node:crypto";
import { settleDueOperations } from "../src/checkout";
import { SECOND } from "../src/platform/clock";
import type { FaultPoint } from "../src/platform/fault-points";
import { toId } from "../src/platform/ids";
import { type Ask, startTestApp, type TestApp } from "./support/app";
import { aZone } from "./support/builders";
import { checkOut, resultOf, tally } from "./support/checkouts";
import { movableClock } from "./support/clock";
import { moodyLine } from "./support/moody-provider";
import { aPerson } from "./support/person";
import { type SecondApp, startSecondApp } from "./support/second-app";
import {
  anOrderOf,
  euros,
  type Settlement,
  settledAs,
  settlementsOf,
  standingOf,
} from "./support/settlements";

// Two servers of one shop; calls go to them in turn.
const clock = movableClock();
let first: TestApp;
let second: SecondApp;
let turns: ReturnType<typeof settlementsOf>[];
let lines: ReturnType<typeof moodyLine>[];
beforeAll(async () => {
  first = await startTestApp({ PAYMENT_CAPTURE: "manual" }, { clock });
  second = await startSecondApp(first);
  lines = [first, second].map(({ platform }) => moodyLine(platform.services.providers));
  await aZone(first.db);
  const staff = await aPerson(first, "STAFF");
  turns = [first, second].map(({ ask }) => settlementsOf(ask, staff));
});
afterAll(async () => {
  await second.close();
  await first.close();
});

const does: ReturnType<typeof settlementsOf> = (...ask) => {
  const next = turns.shift();
  if (!next) throw new Error("No server");
  turns.push(next);
  return next(...ask);
};
/** The same call many times at once, each with a key of its own unless one is given. */
const atOnce = (times: number, field: Settlement, input: object, key?: string) =>
  Promise.all(Array.from({ length: times }, () => does(field, input, key ?? randomUUID())));
const results = async (answers: ReturnType<typeof atOnce>) => tally((await answers).map(settledAs));

/** What the sandbox provider's own books say of an order's captures, voids and refunds: amounts that succeeded, by kind. */
async function provided({ uuid }: { uuid: string }) {
  const rows = await first.db.$queryRaw<{ kind: string; amount: number }[]>`
    SELECT m.kind, sum(m.amount)::int AS amount FROM sandbox.movements m
    JOIN payment_operations op ON op.idempotency_key = m.key
    WHERE op.order_id = ${uuid}::uuid AND m.kind = op.kind::text AND m.state = 'SUCCEEDED' GROUP BY m.kind`;
  return Object.fromEntries(rows.map(({ kind, amount }) => [kind, amount]));
}

async function aPaidOrder() {
  const order = await anOrderOf(first);
  expect(settledAs(await does("capturePayment", { paymentId: order.paymentId }))).toBe("OK");
  return order;
}

test("20 captures at once: one", async () => {
  const order = await anOrderOf(first);
  const {
    OK,
    WRONG_STATE = 0,
    NOTHING_TO_CAPTURE = 0,
    ...others
  } = await results(atOnce(20, "capturePayment", { paymentId: order.paymentId }));
  expect([OK, WRONG_STATE + NOTHING_TO_CAPTURE, others]).toEqual([1, 19, {}]);
  expect(await standingOf(first, order)).toMatchObject({ paymentStatus: "PAID", captured: 100_00 });
  expect(await provided(order)).toMatchObject({ CAPTURE: 100_00 });
});

test("20 captures of 30 on 100, again and again: three at the most, and never more than was authorised", async () => {
  const order = await anOrderOf(first);
  const input = { paymentId: order.paymentId, amount: euros(30_00) };
  const all: Record<string, number> = {};
  for (let round = 0; round < 4; round++)
    for (const [code, times] of Object.entries(await results(atOnce(20, "capturePayment", input))))
      all[code] = (all[code] ?? 0) + times;
  const { OK, WRONG_STATE = 0, CAPTURE_EXCEEDS_AUTHORIZED = 0, ...others } = all;
  expect([OK, WRONG_STATE + CAPTURE_EXCEEDS_AUTHORIZED, others]).toEqual([3, 77, {}]);
  expect(await standingOf(first, order)).toMatchObject({ captured: 90_00, paymentStatus: "PARTIALLY_PAID" });
  expect(await provided(order)).toMatchObject({ CAPTURE: 90_00 });
});

test("20 refunds of 30 on 100 at once: three; the others would exceed", async () => {
  const order = await aPaidOrder();
  const input = { paymentId: order.paymentId, amount: euros(30_00), restock: true };
  expect(await results(atOnce(20, "refundPayment", input))).toEqual({ OK: 3, REFUND_EXCEEDS_CAPTURED: 17 });
  expect(await standingOf(first, order)).toMatchObject({
    ...{ paymentStatus: "PARTIALLY_REFUNDED", refunded: 90_00, reserved: 0 },
    ledger: { PROVIDER_CLEARING: 10_00 },
  });
  expect(await provided(order)).toMatchObject({ REFUND: 90_00 });
});

test("refunds whose outcome nobody heard count as given until they are settled", async () => {
  const order = await aPaidOrder();
  for (const line of lines) line.mood = "mute";
  const answers = await atOnce(20, "refundPayment", {
    paymentId: order.paymentId,
    amount: euros(30_00),
  });
  for (const line of lines) line.mood = "answers";
  expect(tally(answers.map(settledAs))).toEqual({ OK: 3, REFUND_EXCEEDS_CAPTURED: 17 });
  const statuses = answers.map(({ data }) => data.refundPayment.operation?.status);
  expect(tally(statuses.filter(Boolean))).toEqual({ UNKNOWN: 3 });
  expect(await standingOf(first, order)).toMatchObject({ refunded: 0, underWay: 90_00 });
  clock.advance(31 * SECOND);
  await Promise.all([first, second].map(({ platform }) => settleDueOperations(platform)));
  expect(await standingOf(first, order)).toMatchObject({ refunded: 90_00, underWay: 0 });
  expect(await provided(order)).toMatchObject({ REFUND: 90_00 });
});

test.each([
  ["capturePayment", "CAPTURE"],
  ["voidPayment", "VOID"],
  ["refundPayment", "REFUND"],
] as const)("the same key 20 times at once: one %s, every answer the same or IN_USE", async (field, kind) => {
  const order = field === "refundPayment" ? await aPaidOrder() : await anOrderOf(first);
  const key = randomUUID();
  const answers = await atOnce(20, field, { paymentId: order.paymentId }, key);
  const { OK = 0, IDEMPOTENCY_KEY_IN_USE = 0, ...others } = tally(answers.map(settledAs));
  expect([OK > 0, OK + IDEMPOTENCY_KEY_IN_USE, others]).toEqual([true, 20, {}]);
  const done = answers.filter((answer) => settledAs(answer) === "OK").map(({ data }) => data);
  for (const data of [...done, (await does(field, { paymentId: order.paymentId }, key)).data])
    expect(data).toEqual(done[0]);
  const where = { orderId: order.uuid, kind };
  expect(await first.db.paymentOperation.count({ where })).toBe(1);
  expect(await provided(order)).toMatchObject({ [kind]: 100_00 });
});

test("a retry takes over from a server that died when the provider had done its work; never a second capture", async () => {
  let dies = false;
  const reached = (point: FaultPoint) => {
    if (dies && point === "provider.answered") throw new Error("killed");
  };
  const mortal = await startSecondApp(first, { reached });
  const [order, key, staff] = [await anOrderOf(first), randomUUID(), await aPerson(first, "STAFF")];
  const by = (ask: Ask) => settlementsOf(ask, staff)("capturePayment", input, key);
  const input = { paymentId: order.paymentId, amount: euros(60_00) };
  dies = true;
  expect(settledAs(await by(mortal.ask))).toBe("INTERNAL_SERVER_ERROR");
  await mortal.close();
  expect(await standingOf(first, order)).toMatchObject({ captured: 0, underWay: 60_00 });
  expect(await provided(order)).toMatchObject({ CAPTURE: 60_00 });

  expect(settledAs(await by(second.ask))).toBe("IDEMPOTENCY_KEY_IN_USE"); // for all it knows that one is still at it
  clock.advance(31 * SECOND);
  const retried = await Promise.all(
    Array.from({ length: 10 }, (_, index) => by((index % 2 ? first : second).ask)),
  );
  const { OK = 0, IDEMPOTENCY_KEY_IN_USE = 0, ...others } = tally(retried.map(settledAs));
  expect([OK > 0, OK + IDEMPOTENCY_KEY_IN_USE, others]).toEqual([true, 10, {}]);
  const operation = { kind: "CAPTURE", status: "SUCCEEDED", amount: { amount: 60_00 } };
  expect((await by(first.ask)).data.capturePayment).toMatchObject({ operation, userErrors: [] });
  expect(await standingOf(first, order)).toMatchObject({ captured: 60_00, underWay: 0 });
  expect(await provided(order)).toMatchObject({ CAPTURE: 60_00 });
});

test("capture against cancel, 20 rounds: never both, and no money or stock is left behind", async () => {
  const seen = new Set<string>();
  for (let round = 0; round < 20; round++) {
    const order = await anOrderOf(first);
    const calls = [
      () => does("capturePayment", { paymentId: order.paymentId }),
      () => does("cancelOrder", { orderId: order.id }),
    ];
    if (round % 2) calls.reverse();
    const answers = (await Promise.all(calls.map((call) => call()))).map(settledAs);
    const [captured, cancelled] = round % 2 ? answers.reverse() : answers;
    seen.add(`${captured} ${cancelled}`);
    const standing = await standingOf(first, order);
    if (cancelled === "OK")
      expect(standing).toMatchObject({ status: "CANCELLED", reserved: 0, underWay: 0, ledger: {} });
    else expect(standing).toMatchObject({ status: "OPEN", reserved: 2, captured: 100_00 });
  }
  const possible = ["OK WRONG_STATE", "WRONG_STATE OK", "OK OK"]; // both: captured first, then cancelled and refunded
  expect([...seen].filter((pair) => !possible.includes(pair))).toEqual([]);
});

test("20 cancellations and 20 refunds at once: the money goes back once", async () => {
  const order = await aPaidOrder();
  const [cancelled, refunded] = await Promise.all([
    results(atOnce(20, "cancelOrder", { orderId: order.id })),
    results(atOnce(20, "refundPayment", { paymentId: order.paymentId, amount: euros(30_00), restock: true })),
  ]);
  expect(Object.keys({ ...cancelled, ...refunded }).sort()).toEqual(
    expect.arrayContaining(["OK", "REFUND_EXCEEDS_CAPTURED"]),
  );
  if (!cancelled.OK) expect(settledAs(await does("cancelOrder", { orderId: order.id }))).toBe("OK");
  expect(await standingOf(first, order)).toMatchObject({
    ...{
      status: "CANCELLED",
      paymentStatus: "REFUNDED",
      refunded: 100_00,
      underWay: 0,
      reserved: 0,
      ledger: {},
    },
  });
  expect(await provided(order)).toMatchObject({ REFUND: 100_00 });
});

test("a declined cart is checked out again while its order is cancelled, 12 rounds: sold or cancelled, nothing in between", async () => {
  for (let round = 0; round < 12; round++) {
    const order = await anOrderOf(first, "sandbox:decline");
    const { cartId } = await first.db.order.findUniqueOrThrow({ where: { id: order.uuid } });
    const cart = { id: toId("cart", cartId), total: euros(100_00) };
    const [bought, cancelled] = await Promise.all([
      checkOut((round % 2 ? first : second).ask, cart).then(resultOf),
      does("cancelOrder", { orderId: order.id }).then(settledAs),
    ]);
    const standing = await standingOf(first, order);
    if (cancelled === "OK") expect(standing).toMatchObject({ status: "CANCELLED", reserved: 0, ledger: {} });
    else expect([bought, cancelled, standing.status]).toEqual(["OK", "WRONG_STATE", "OPEN"]);
    if (bought !== "OK") expect([bought, cancelled]).toEqual(["CART_ALREADY_ORDERED", "OK"]);
  }
});
