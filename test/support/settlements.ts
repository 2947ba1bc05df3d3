import { randomUUID } from "node:crypto";
import { readId } from "../../src/platform/ids";
import type { Answer, Ask, TestApp } from "./app";
import { aProduct } from "./builders";
import { aFullCart, checkOut } from "./checkouts";
import type { Person } from "./person";

const PAYMENT = `id authorized { amount } captured { amount } refunded { amount } voided { amount }
  operations { id kind status amount { amount } reason }`;
const payload = (field: string, input: string) => `mutation($input: ${input}!) { ${field}(input: $input) {
  payment { ${PAYMENT} } operation { id kind status amount { amount } reason } order { id status paymentStatus }
  userErrors { code path } } }`;
const documents = {
  capturePayment: payload("capturePayment", "CapturePaymentInput"),
  voidPayment: payload("voidPayment", "VoidPaymentInput"),
  refundPayment: payload("refundPayment", "RefundPaymentInput"),
  cancelOrder: `mutation($input: CancelOrderInput!) { cancelOrder(input: $input) {
    order { id status paymentStatus events { type message } payments { ${PAYMENT} } } userErrors { code path } } }`,
};
export type Settlement = keyof typeof documents;

/** The mutations that move an order's money after checkout, as one person; each call has a key of its own unless the test gives one. */
export const settlementsOf =
  (ask: Ask, person: Pick<Person, "token"> | null) =>
  (field: Settlement, input: object, key: string | null = randomUUID()): Promise<Answer> =>
    ask(person?.token ?? null, documents[field], { input }, key === null ? {} : { "idempotency-key": key });

/** What it came to: OK, the code of its refusal, or of the error that stopped it. */
export function settledAs({ data, codes, status }: Answer): string {
  if (codes[0]) return codes[0];
  const [answered] = Object.values((data ?? {}) as Record<string, { userErrors: { code: string }[] } | null>);
  return answered ? (answered.userErrors[0]?.code ?? "OK") : `HTTP ${status}`;
}

export const euros = (amount: number) => ({ amount, currency: "EUR" });

export type Sold = { id: string; uuid: string; paymentId: string; paymentUuid: string; variantUuid: string };

/**
 * An order of 100.00 EUR, delivered for nothing, two pieces of ten that are there: of a guest unless a person buys, with a card that pays
 * unless the test says otherwise.
 */
export async function anOrderOf(
  { ask, db }: TestApp,
  token = "sandbox:success",
  buyer: Person | null = null,
) {
  const { variant } = await aProduct(db, { prices: { EUR: 5_000n } });
  const cart = await aFullCart(ask, buyer?.token ?? null, { variantId: variant.id, quantity: 2 });
  const { data, errors } = await checkOut(ask, cart, { token: buyer?.token ?? null, payment: { token } });
  const { order } = data?.checkout ?? {};
  if (!order) throw new Error(`No order: ${JSON.stringify(data?.checkout ?? errors)}`);
  const [paymentId] = order.payments.map(({ id }: { id: string }) => id);
  const [uuid, paymentUuid] = [readId("order", order.id) ?? "", readId("pay", paymentId) ?? ""];
  return {
    ...{ id: order.id as string, uuid, paymentId: paymentId as string, paymentUuid },
    variantUuid: variant.uuid,
  };
}

/** What an order's money, goods and books have come to. Minor units; ledger accounts that sum to nothing are left out. */
export async function standingOf({ db }: Pick<TestApp, "db">, { uuid, variantUuid }: Sold) {
  const order = await db.order.findUniqueOrThrow({ where: { id: uuid }, include: { cart: true } });
  const [sums] = await db.$queryRaw<Record<string, number>[]>`
    SELECT sum(authorized)::int AS authorized, sum(captured)::int AS captured, sum(voided)::int AS voided, sum(refunded)::int AS refunded,
      sum(capturing + voiding + refunding)::int AS "underWay" FROM payments WHERE order_id = ${uuid}::uuid`;
  const ledger = await db.$queryRaw<{ account: string; amount: number }[]>`
    SELECT account_type::text AS account, sum(amount)::int AS amount
    FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
    WHERE t.order_id = ${uuid}::uuid GROUP BY account_type HAVING sum(amount) <> 0 ORDER BY account_type`;
  const stock = await db.stock.findFirstOrThrow({ where: { variantId: variantUuid } });
  return {
    status: order.status,
    paymentStatus: order.paymentStatus,
    cart: order.cart.state,
    reserved: stock.reserved,
    ...sums,
    ledger: Object.fromEntries(ledger.map(({ account, amount }) => [account, amount])),
  };
}
