import { type PaymentProvider, type ProviderOutcome, recordOutcome } from "../src/payments";
import { transact } from "../src/platform/database";
import { newId, readId } from "../src/platform/ids";
import { startTestApp, type TestApp } from "./support/app";
import { aProduct, aZone } from "./support/builders";
import { aFullCart, checkOut } from "./support/checkouts";

let automatic: TestApp;
let manual: TestApp;
beforeAll(async () => {
  automatic = await startTestApp();
  manual = await startTestApp({ PAYMENT_CAPTURE: "manual" });
  for (const { db } of [automatic, manual]) await aZone(db);
});
afterAll(async () => {
  for (const app of [automatic, manual]) {
    await app.close();
  }
});

/** An order of 10.00 EUR and 4.90 EUR delivery, 19 % tax included. */
async function anOrder({ ask, db }: TestApp, token = "sandbox:success") {
  const { variant } = await aProduct(db);
  const cart = await aFullCart(ask, null, { variantId: variant.id, quantity: 2 });
  const { data } = await checkOut(ask, cart, { payment: { token } });
  return data.checkout.order as { id: string; paymentStatus: string; payments: { id: string }[] };
}
const uuidOf = (order: { id: string }) => readId("order", order.id) ?? "";

/** What the books say of an order, by account; what sums to 0 is left out. */
async function balances({ db }: TestApp, order: { id: string }) {
  const rows = await db.$queryRaw<{ account: string; amount: number }[]>`
    SELECT account_type::text AS account, sum(amount)::int AS amount
    FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
    WHERE t.order_id = ${uuidOf(order)}::uuid GROUP BY account_type HAVING sum(amount) <> 0 ORDER BY account_type`;
  return Object.fromEntries(rows.map(({ account, amount }) => [account, amount]));
}
const EARNED = { PROVIDER_CLEARING: 1490, SALES: -840, SHIPPING_INCOME: -412, TAX_PAYABLE: -238 };

/** Asks the sandbox to capture, void or refund, as the operations to come will: an operation is written, the provider asked, the outcome recorded. */
async function follow(
  { db, platform }: TestApp,
  order: { id: string },
  kind: "CAPTURE" | "VOID" | "REFUND",
  amount: bigint,
) {
  const orderId = uuidOf(order);
  const parent = await db.paymentOperation.findFirstOrThrow({
    where: { orderId, kind: kind === "REFUND" ? "CAPTURE" : "AUTHORIZE", status: "SUCCEEDED" },
  });
  const [at, key, { paymentId, provider, currency }] = [platform.clock.now(), newId(), parent];
  const times = { leaseUntil: at, createdAt: at, updatedAt: at };
  const operation = await db.paymentOperation.create({
    data: {
      id: newId(),
      paymentId,
      orderId,
      provider,
      currency,
      kind,
      amount,
      status: "PENDING",
      idempotencyKey: key,
      ...times,
    },
  });
  const [sandbox] = platform.services.providers as [PaymentProvider];
  const ask = { key, reference: parent.providerReference ?? "", amount, currency, final: false };
  const outcome = await { CAPTURE: sandbox.capture, VOID: sandbox.void, REFUND: sandbox.refund }[kind](ask);
  return record(manual.db === db ? manual : automatic, operation.id, outcome);
}
const record = ({ db, platform }: TestApp, operationId: string, outcome: ProviderOutcome) =>
  transact(db, (tx) => recordOutcome(tx, platform.clock.now(), operationId, outcome, () => ({})));

test("capture at once: the memo is posted and released, and the money is earned", async () => {
  const order = await anOrder(automatic);
  expect(order.paymentStatus).toBe("PAID");
  expect(await balances(automatic, order)).toEqual(EARNED);
});

test("a decline posts nothing", async () => {
  const order = await anOrder(automatic, "sandbox:decline");
  expect(order.paymentStatus).toBe("FAILED");
  expect(await automatic.db.ledgerTransaction.count({ where: { orderId: uuidOf(order) } })).toBe(0);
});

test("authorised first, captured in parts: the parts add up to the order's own figures", async () => {
  const order = await anOrder(manual);
  expect(order.paymentStatus).toBe("AUTHORIZED");
  expect(await balances(manual, order)).toEqual({ AUTHORIZED: 1490, AUTHORIZED_CONTRA: -1490 });
  expect((await follow(manual, order, "CAPTURE", 5_00n)).paymentStatus).toBe("PARTIALLY_PAID");
  expect(await balances(manual, order)).toMatchObject({ AUTHORIZED: 990, PROVIDER_CLEARING: 500 });
  expect((await follow(manual, order, "CAPTURE", 9_90n)).paymentStatus).toBe("PAID");
  expect(await balances(manual, order)).toEqual(EARNED);
});

test("a void takes the memo back", async () => {
  const order = await anOrder(manual);
  expect((await follow(manual, order, "VOID", 14_90n)).paymentStatus).toBe("VOIDED");
  expect(await balances(manual, order)).toEqual({});
});

test("refunds are the reverse; more than was captured the database refuses, whatever the code does", async () => {
  const order = await anOrder(automatic);
  expect((await follow(automatic, order, "REFUND", 4_90n)).paymentStatus).toBe("PARTIALLY_REFUNDED");
  await expect(follow(automatic, order, "REFUND", 10_01n)).rejects.toThrow(/payments_refunded_check/);
  expect((await follow(automatic, order, "REFUND", 10_00n)).paymentStatus).toBe("REFUNDED");
  expect(await balances(automatic, order)).toEqual({});
});

test("an outcome that is heard many times at once is posted once", async () => {
  const order = await anOrder(automatic);
  const captured = await automatic.db.paymentOperation.findFirstOrThrow({
    where: { orderId: uuidOf(order), kind: "CAPTURE" },
  });
  const at = automatic.platform.clock.now();
  const refund = await automatic.db.paymentOperation.create({
    data: {
      ...captured,
      id: newId(),
      kind: "REFUND",
      status: "UNKNOWN",
      idempotencyKey: newId(),
      providerReference: null,
      createdAt: at,
    },
  });
  const [sandbox] = automatic.platform.services.providers as [PaymentProvider];
  const { idempotencyKey: key, amount, currency } = refund;
  const outcome = await sandbox.refund({
    key,
    amount,
    currency,
    reference: captured.providerReference ?? "",
    final: false,
  });
  const heard = await Promise.all(Array.from({ length: 10 }, () => record(automatic, refund.id, outcome)));
  expect(heard.filter(({ moved }) => moved)).toHaveLength(1);
  expect(
    heard.every(({ status, paymentStatus }) => status === "SUCCEEDED" && paymentStatus === "REFUNDED"),
  ).toBe(true);
  const late: ProviderOutcome = { ...outcome, status: "FAILED", reason: "declined" };
  expect(await record(automatic, refund.id, late)).toMatchObject({ moved: false, status: "SUCCEEDED" });
  expect(await balances(automatic, order)).toEqual({});
});
